"""Addresses of hand-over sheets."""

from __future__ import annotations

from django.urls import path

from anze.web.handovers import views

app_name = "handovers"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:handover_id>/", views.sheet, name="sheet"),
    path("new/<int:holding_id>/", views.draw_up, name="draw_up"),
]
