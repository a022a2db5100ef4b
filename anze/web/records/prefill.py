"""What an address fills into a new form: a person, a vehicle, choices; what is unknown is left out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.fleet.queries import vehicle as vehicle_of
from anze.records.people.queries import person as person_of
from anze.rules.catalogue.model import EvidenceKind
from anze.web.records.demands import roles_of, usual_role


def filled_in(request: HttpRequest, kind: EvidenceKind, values: dict[str, Any]) -> dict[str, Any]:
    found = values | _choices(request, kind)
    found |= _about_person(request, kind, found)
    return found | _about_vehicle(request, kind, found)


def _choices(request: HttpRequest, kind: EvidenceKind) -> dict[str, str]:
    given = {spec.id: request.GET.get(f"v_{spec.id}", "") for spec in kind.fields if spec.type == "choice"}
    choices = {spec.id: spec.choices for spec in kind.fields}
    return {f"v_{name}": value for name, value in given.items() if value in choices[name]}


def _about_person(request: HttpRequest, kind: EvidenceKind, values: dict[str, Any]) -> dict[str, Any]:
    """The person in the part of whom it is about; whoever writes it in the first part that is another's."""
    key = _key(request, "person")
    role = usual_role(kind, about_them=True)
    if key is None or not role:
        return {}
    try:
        known = person_of(key)
    except NotFound:
        return {}
    others = [name for name in roles_of(kind) if name != role]
    me = current().actor.person
    parts = [_part(me, others[0])] if me and others and me != key else []
    return {"parts": [*parts, _part(key, role)], "title": f"{known.name}{values['title']}"[:120]}


def _about_vehicle(request: HttpRequest, kind: EvidenceKind, values: dict[str, Any]) -> dict[str, Any]:
    key = _key(request, "vehicle")
    if key is None or "vehicle" not in kind.subjects:
        return {}
    try:
        known = vehicle_of(key)
    except NotFound:
        return {}
    return {
        "subjects": [{"type": "vehicle", "id": key, "name": known.plate}],
        "title": f"{known.plate}{values['title']}"[:120],
    }


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _part(person: int, role: str) -> dict[str, Any]:
    return {"person": person, "role": role, "attendance": "attended", "hours": ""}
