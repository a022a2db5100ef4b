"""What opened an obligation: an accident, a notice, a key period, whether a record declares it or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anze.records.duties.key_periods import causes
from anze.records.duties.rows import ObligationRow
from anze.records.evidence import queries as evidence
from anze.web.ui.words import say_day, say_moment


@dataclass(frozen=True, slots=True)
class Cause:
    """`record_id` None: a key period, shown among those of the company."""

    title: str
    note: str
    record_id: int | None


def events_of(rows: Iterable[ObligationRow]) -> dict[int, Cause]:
    """Event number -> what it is, for all rows that an event opened."""
    wanted = {(row.company_id, row.event_id) for row in rows if row.event_id is not None}
    found: dict[int, Cause] = {}
    records = sorted(event for _, event in wanted if event > 0)
    for record in evidence.openers(records) if records else ():
        note = f"{record.number} · {say_moment(record.happened_at)}"
        found[record.id] = Cause(record.title, note, record.id)
    for company_id in {company for company, event in wanted if event < 0}:
        events = [event for company, event in wanted if company == company_id]
        for event, period in causes(company_id, events).items():
            span = f"{say_day(period.begins)}至{say_day(period.last)}"
            found[event] = Cause(period.name, span, None)
    return found
