"""Addresses of the keys for programs."""

from __future__ import annotations

from django.urls import path

from anze.web.tokens import views

app_name = "tokens"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:token_id>/revoke/", views.revoke, name="revoke"),
]
