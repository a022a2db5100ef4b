"""Addresses of what authorities' platforms ask, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.uplink import views

urlpatterns = [
    path("uplink/", views.index, name="questions"),
    path("uplink/questions/<int:question_id>/", views.question, name="question"),
]
