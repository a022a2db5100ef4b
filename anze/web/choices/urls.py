"""The address of a company's own numbers and waivers, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.choices.views import index

urlpatterns = [path("choices/", index, name="choices")]
