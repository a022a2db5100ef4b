"""The Django app that carries the template tags."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "anze.web.ui"
    label = "ui"
