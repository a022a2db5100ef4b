"""Addresses of vehicles."""

from __future__ import annotations

from django.urls import path

from anze.web.fleet import pairs, terminals, views

app_name = "fleet"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.enrol, name="enrol"),
    path("pairs/", pairs.index, name="pairs"),
    path("pairs/new/", pairs.new, name="new_pairs"),
    path("pairs/<int:pair_id>/end/", pairs.end, name="end_pair"),
    path("<int:vehicle_id>/edit/", views.edit, name="edit"),
    path("<int:vehicle_id>/retire/", views.retire, name="retire"),
    path("<int:vehicle_id>/terminals/new/", terminals.install, name="install_terminal"),
    path("<int:vehicle_id>/terminals/<int:installation_id>/", terminals.change, name="terminal"),
]
