"""The catalogue this process runs with, loaded once."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from anze.rules.catalogue.load import load
from anze.rules.catalogue.model import Catalogue


@cache
def lawbook() -> Catalogue:
    return load(settings.CATALOGUE_DIR)


def is_listed(trade: str) -> bool:
    """Whether the responsibility lists of a trade are encoded: else nothing is asked of its companies."""
    return any(position.trade == trade for position in lawbook().positions.values())
