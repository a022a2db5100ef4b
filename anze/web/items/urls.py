"""Addresses of the list of items."""

from __future__ import annotations

from django.urls import path

from anze.web.items import views

app_name = "items"
urlpatterns = [
    path("", views.index, name="index"),
    path("export.csv", views.export, name="export"),
]
