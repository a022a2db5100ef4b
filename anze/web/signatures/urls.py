"""Addresses of the signed lists, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.signatures import views

urlpatterns = [
    path("signatures/", views.index, name="signatures"),
    path("signatures/<int:signature_id>/", views.signed, name="signature"),
]
