"""The Django app that carries the template tags."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.validators import ProhibitNullCharactersValidator

UNSEEN = "这里有看不见的字符，请重新输入。"


class UiConfig(AppConfig):
    name = "anze.web.ui"
    label = "ui"

    def ready(self) -> None:
        ProhibitNullCharactersValidator.message = UNSEEN  # Django's own reads like a riddle
