"""Whom and what a form can list: people, vehicles, departments, events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.forms import Widget

from anze.records.acting.context import SHANGHAI, current
from anze.records.evidence import queries as evidence
from anze.records.evidence.item_queries import settleable
from anze.records.evidence.tables import settlements_in
from anze.records.fleet import queries as fleet
from anze.records.people import queries as people
from anze.records.tenants import queries as tenants
from anze.rules.catalogue.model import EvidenceKind
from anze.web.records.demands import roles_of
from anze.web.records.forms import Event
from anze.web.records.kinds import answerable_events
from anze.web.records.tables import ItemsWidget, SettlementsWidget

STILL_LISTED = timedelta(days=400)
SUBJECT_NAMES = {"vehicle": "车辆", "department": "部门"}


def events_for(kind: EvidenceKind, detail: evidence.RecordDetail | None) -> tuple[Event, ...]:
    """Events that this kind of record can answer, the newest first; the one already named stays."""
    wanted = answerable_events(kind.id)
    rows = [row for row in evidence.events() if row.kind in wanted] if wanted else []
    if detail and detail.about and detail.about.id not in {row.id for row in rows}:
        rows.append(detail.about)
    rows.sort(key=lambda row: row.happened_at, reverse=True)
    return tuple(Event(row.id, _event_name(row)) for row in rows)


def _event_name(row: evidence.RecordRow) -> str:
    day = row.happened_at.astimezone(SHANGHAI).date()
    return f"{day} {row.title}（{row.kind_name} {row.number}）"


def roster(kind: EvidenceKind, detail: evidence.RecordDetail | None) -> dict[str, Any]:
    """What the form's own script searches in, so that adding thirty people asks the server nothing."""
    found: dict[str, Any] = {"people": _people(detail) if roles_of(kind) else [], "subjects": []}
    if "vehicle" in kind.subjects:
        found["subjects"] += [_subject("vehicle", row.id, row.plate, row.unit_id) for row in fleet.vehicles()]
    if "department" in kind.subjects:
        found["subjects"] += [_subject("department", row.id, row.name) for row in tenants.units()]
    return found


def tables(kind: EvidenceKind, record_id: int | None, settled: str) -> dict[str, Widget]:
    """Field id -> its control. `settled`: what the draft already says became of earlier items."""
    found: dict[str, Widget] = {}
    for spec in kind.fields:
        if spec.type == "items":
            found[spec.id] = ItemsWidget(spec, _employed_names() if "who" in spec.columns else {})
        elif spec.type == "settlements":
            named = [row.reference for row in settlements_in(settled)]
            found[spec.id] = SettlementsWidget(settleable(kind.id, record_id=record_id, also=named))
    return found


def _employed_names() -> dict[int, str]:
    today = current().today
    return {p.id: p.name for p in people.people() if p.left_on is None or p.left_on > today}


def _subject(subject_type: str, key: int, name: str, unit: int | None = None) -> dict[str, Any]:
    return {"type": subject_type, "id": key, "name": name, "find": "", "unit": unit}


def units_in(roster: dict[str, Any], which: str) -> list[tuple[int, str]]:
    """Units that some of the `people` or `subjects` of a roster belong to: all of one are added at once."""
    there = {row.get("unit") for row in roster[which] if not row.get("gone")} - {None}
    return [(unit.id, unit.name) for unit in tenants.units() if unit.id in there] if there else []


def _people(detail: evidence.RecordDetail | None) -> list[dict[str, Any]]:
    """Everybody employed, and those who left not long ago: a late record may need them."""
    today = current().today
    rows = [
        {
            "id": person.id,
            "name": person.name,
            "find": person.pinyin,
            "driver": person.driver,
            "unit": person.unit_id,
            "gone": person.left_on is not None and person.left_on <= today,
        }
        for person in people.people()
        if person.left_on is None or today - person.left_on < STILL_LISTED
    ]
    known = {row["id"] for row in rows}
    listed = {part.person_id: part.person_name for part in detail.parts} if detail else {}
    others = ((key, name) for key, name in listed.items() if key not in known)
    rows += [
        {"id": key, "name": name, "find": "", "driver": False, "unit": None, "gone": True}
        for key, name in others
    ]
    return rows
