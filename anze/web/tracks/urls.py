"""Addresses of the vehicles' positions, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.tracks import views

urlpatterns = [
    path("tracks/", views.index, name="tracks"),
    path("tracks/<int:vehicle_id>/", views.vehicle, name="track"),
]
