"""Addresses of an authority: the ranking, and the pages of each company under its id."""

from __future__ import annotations

from django.urls import include, path

from anze.web.bureau import views
from anze.web.company.views import matrix

app_name = "bureau"
urlpatterns = [
    path("", views.ranking, name="ranking"),
    path("companies/<int:company_id>/", matrix, name="company"),
    path("companies/<int:company_id>/", include("anze.web.posts.urls")),
    path("companies/<int:company_id>/", include("anze.web.obligations.urls")),
    path("companies/<int:company_id>/", include("anze.web.signatures.urls")),
    path("companies/<int:company_id>/", include("anze.web.reports.urls")),
    path("companies/<int:company_id>/", include("anze.web.fleet.urls")),
]
