"""Addresses of printed papers."""

from __future__ import annotations

from django.urls import path

from anze.web.papers import views

app_name = "papers"
urlpatterns = [
    path("<str:mark>/", views.paper, name="paper"),
    path("copies/<int:record_id>/<int:copy_id>/", views.copy, name="copy"),
]
