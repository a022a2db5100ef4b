"""Address of the search, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.search import views

urlpatterns = [path("search/", views.search, name="search")]
