"""Address of the year calendar, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.year import views

urlpatterns = [path("calendar/", views.calendar, name="calendar")]
