"""The files and what runs out; below `/bureau/companies/<id>/` too."""

from __future__ import annotations

from django.urls import path

from anze.web.dossiers import expiries, views

urlpatterns = [
    path("dossiers/people/<int:person_id>/", views.person_file, name="person_file"),
    path("dossiers/vehicles/<int:vehicle_id>/", views.vehicle_file, name="vehicle_file"),
    path("expiries/", expiries.index, name="expiries"),
    path("expiries/counts/", expiries.counts, name="expiry_counts"),
    path("expiries/export.csv", expiries.export, name="expiries_export"),
    path("scrappage/", expiries.scrappage, name="scrappage"),
]
