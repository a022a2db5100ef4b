"""The address of a company's key periods, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.key_periods.views import index

urlpatterns = [path("key-periods/", index, name="key_periods")]
