"""What opened an obligation: the declared period, the accident, the notice."""

from __future__ import annotations

from collections.abc import Iterable

from anze.records.duties.rows import ObligationRow
from anze.records.evidence import queries as evidence


def events_of(rows: Iterable[ObligationRow]) -> dict[int, evidence.Opener]:
    """Record id -> the record, for all rows that an event opened."""
    wanted = {row.event_id for row in rows if row.event_id is not None}
    return {opener.id: opener for opener in evidence.openers(wanted)} if wanted else {}
