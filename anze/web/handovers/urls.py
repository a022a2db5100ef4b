"""Addresses of hand-over sheets, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.handovers import views

urlpatterns = [
    path("handovers/", views.index, name="handovers"),
    path("handovers/<int:handover_id>/", views.sheet, name="handover"),
]
