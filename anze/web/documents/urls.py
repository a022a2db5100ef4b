"""Address of the register of documents; below `/bureau/companies/<id>/` too."""

from __future__ import annotations

from django.urls import path

from anze.web.documents import views

urlpatterns = [path("documents/", views.index, name="documents")]
