"""Addresses of the list of items; below `/bureau/companies/<id>/` too."""

from __future__ import annotations

from django.urls import path

from anze.web.items import views

urlpatterns = [
    path("items/", views.index, name="items"),
    path("items/export.csv", views.export, name="items_export"),
]
