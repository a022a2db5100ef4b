"""What an authority's platform asks, above every page of who may answer."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import connection

from anze.records.acting.context import current
from anze.records.uplink import queries
from anze.web.uplink import words

register = template.Library()
SHOWN = 3


@register.inclusion_tag("uplink/alert.html")
def asked_by_platform() -> dict[str, Any]:
    """Nothing where nothing waits, and on the page of an act that failed: its transaction answers no more."""
    if connection.needs_rollback:
        return {}
    found = queries.waiting_for_me()
    at = current().at
    return {"lines": [words.line(row, at) for row in found[:SHOWN]], "count": len(found)}
