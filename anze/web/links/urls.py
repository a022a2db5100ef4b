"""The address of one-use links."""

from __future__ import annotations

from django.urls import path

from anze.web.links import views

app_name = "links"
urlpatterns = [path("<str:secret>/", views.go, name="go")]
