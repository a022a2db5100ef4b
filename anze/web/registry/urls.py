"""Addresses of the administrator's register."""

from __future__ import annotations

from django.urls import path

from anze.web.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.company, name="company"),
    path("authority/", views.authority, name="authority"),
]
