"""Addresses of confirming."""

from __future__ import annotations

from django.urls import path

from anze.web.confirmations import views

app_name = "confirmations"
urlpatterns = [
    path("<int:record_id>/", views.confirm, name="confirm"),
    path("<int:record_id>/ask/", views.ask, name="ask"),
]
