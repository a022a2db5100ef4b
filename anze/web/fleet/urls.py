"""Addresses of vehicles."""

from __future__ import annotations

from django.urls import path

from anze.web.fleet import views

app_name = "fleet"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.enrol, name="enrol"),
    path("<int:vehicle_id>/edit/", views.edit, name="edit"),
    path("<int:vehicle_id>/retire/", views.retire, name="retire"),
]
