"""Address of the responsibility letters; below `/bureau/companies/<id>/` too."""

from __future__ import annotations

from django.urls import path

from anze.web.letters import views

urlpatterns = [path("letters/", views.index, name="letters")]
