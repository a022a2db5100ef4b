"""Addresses of units."""

from __future__ import annotations

from django.urls import path

from anze.web.units import views

app_name = "units"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.open_new, name="open"),
    path("<int:unit_id>/close/", views.close, name="close"),
    path("<int:unit_id>/leader/", views.leader, name="leader"),
]
