"""Address of the pack, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.packs import views

urlpatterns = [path("pack/", views.pack, name="pack")]
