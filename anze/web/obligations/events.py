"""What opened an obligation: the declared period, the accident, the notice."""

from __future__ import annotations

from collections.abc import Iterable

from anze.records.duties.rows import ObligationRow
from anze.records.evidence import queries as evidence


def events_of(rows: Iterable[ObligationRow]) -> dict[int, evidence.RecordRow]:
    """Record id -> the record, for all rows that an event opened."""
    wanted = {row.event_id for row in rows if row.event_id is not None}
    return {record.id: record for record in evidence.record_rows(sorted(wanted))} if wanted else {}
