"""Who holds each post today, and who stands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import current
from anze.records.people import queries as people


@dataclass(frozen=True, slots=True)
class Holder:
    name: str
    since: date
    deputy: str  # who stands in today; empty: nobody


def holders_today() -> dict[str, list[Holder]]:
    """Position -> its holders; a position nobody holds is absent."""
    today = current().today
    deputies = {cover.holding_id: cover.deputy_name for cover in people.covers(on=today)}
    found: dict[str, list[Holder]] = {}
    for row in people.holdings(on=today):
        found.setdefault(row.position, []).append(
            Holder(row.person_name, row.since, deputies.get(row.id, ""))
        )
    return found
