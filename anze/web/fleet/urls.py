"""Addresses of the vehicles' positions, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.fleet import views

urlpatterns = [
    path("fleet/", views.index, name="fleet"),
    path("fleet/<int:vehicle_id>/", views.vehicle, name="vehicle"),
]
