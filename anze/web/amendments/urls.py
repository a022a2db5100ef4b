"""Addresses of what changed in the law."""

from __future__ import annotations

from django.urls import path

from anze.web.amendments import views

app_name = "amendments"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:application_id>/read/", views.read, name="read"),
]
