"""Addresses of the responsibility letters."""

from __future__ import annotations

from django.urls import path

from anze.web.letters import views

app_name = "letters"
urlpatterns = [path("", views.index, name="index")]
