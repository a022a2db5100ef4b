"""Sealed records of papers, in few words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from anze.records.duties import actions
from anze.records.evidence import actions as evidence
from anze.records.evidence.actions import Draft, PartInput
from anze.rules.periods import midnight
from tests.cast import Cast


def noon(day: date) -> datetime:
    return midnight(day).replace(hour=4)


def sealed(
    cast: Cast,
    kind: str,
    *,
    on: date,
    values: Mapping[str, str] | None = None,
    people: Mapping[int, str] | None = None,
    vehicles: tuple[int, ...] = (),
) -> int:
    """By the safety manager of company A. `people`: id -> role."""
    with cast.acts("safety_manager"):
        record = evidence.draft_record(
            draft=Draft(
                kind=kind,
                title=kind,
                happened_at=noon(on),
                values=dict(values or {}),
                parts=[
                    PartInput(person, role)
                    for person, role in (people or {cast.a.safety_manager: "recorder"}).items()
                ],
                subjects=[("vehicle", vehicle) for vehicle in vehicles],
            )
        )
        actions.seal_records(record_ids=[record])
    return record


def licence(
    cast: Cast, vehicle: int, *, on: date, registered: str, expires: str, kind: str = "large_coach"
) -> int:
    values = {"class": kind, "registered": registered, "expires": expires}
    return sealed(cast, "vehicle.licence", on=on, values=values, vehicles=(vehicle,))
