"""Addresses of an authority: the ranking, and the pages of each company under its id."""

from __future__ import annotations

from django.urls import include, path

from anze.web.assessments import oversight
from anze.web.bureau import declaring, views
from anze.web.company.views import matrix
from anze.web.search.views import among_companies

app_name = "bureau"
urlpatterns = [
    path("", views.ranking, name="ranking"),
    path("companies/<int:company_id>/", matrix, name="company"),
    path("companies/<int:company_id>/", include("anze.web.posts.urls")),
    path("companies/<int:company_id>/", include("anze.web.obligations.urls")),
    path("companies/<int:company_id>/", include("anze.web.signatures.urls")),
    path("companies/<int:company_id>/", include("anze.web.handovers.urls")),
    path("companies/<int:company_id>/", include("anze.web.reports.urls")),
    path("companies/<int:company_id>/", include("anze.web.packs.urls")),
    path("companies/<int:company_id>/", include("anze.web.tracks.urls")),
    path("companies/<int:company_id>/", include("anze.web.uplink.urls")),
    path("companies/<int:company_id>/", include("anze.web.dossiers.urls")),
    path("companies/<int:company_id>/", include("anze.web.items.urls")),
    path("companies/<int:company_id>/", include("anze.web.letters.urls")),
    path("companies/<int:company_id>/", include("anze.web.documents.urls")),
    path("companies/<int:company_id>/", include("anze.web.key_periods.urls")),
    path("companies/<int:company_id>/", include("anze.web.choices.urls")),
    path("companies/<int:company_id>/", include("anze.web.assessments.urls")),
    path("key-periods/", declaring.index, name="declarations"),
    path("key-periods/new/", declaring.declare, name="declare"),
    path("key-periods/<int:declaration_id>/", declaring.detail, name="declaration"),
    path("companies/<int:company_id>/", include("anze.web.search.urls")),
    path("companies/<int:company_id>/", include("anze.web.year.urls")),
    path("assessments/", oversight.overseen, name="overseen"),
    path("assessments/export.csv", oversight.export, name="overseen_export"),
    path("search/", among_companies, name="find"),
]
