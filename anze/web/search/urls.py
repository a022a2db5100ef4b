"""Address of the search, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.search import records, views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/records/", records.record_search, name="record_search"),
]
