"""Addresses of commitments."""

from __future__ import annotations

from django.urls import path

from anze.web.commitments import views

app_name = "commitments"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:requirement>/", views.fix, name="fix"),
]
