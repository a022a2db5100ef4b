"""Addresses of what authorities' platforms ask."""

from __future__ import annotations

from django.urls import path

from anze.web.uplink import views

app_name = "uplink"
urlpatterns = [
    path("", views.index, name="index"),
    path("alert/", views.alert, name="alert"),
    path("questions/<int:question_id>/", views.question, name="question"),
]
