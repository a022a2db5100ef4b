"""Addresses of obligations, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.obligations import views

urlpatterns = [
    path("obligations/", views.index, name="obligations"),
    path("obligations/export.csv", views.export, name="obligations_export"),
    path("obligations/<int:obligation_id>/", views.detail, name="obligation"),
]
