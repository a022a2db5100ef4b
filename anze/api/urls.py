"""Addresses of the API, by version."""

from __future__ import annotations

from django.urls import path

from anze.api.v1 import api

urlpatterns = [path("v1/", api.urls)]
