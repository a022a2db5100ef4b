"""照此新建: an empty form that begins with the words, people and open items of an earlier record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from anze.records.acting.errors import NotFound
from anze.records.evidence import copying
from anze.records.evidence.copying import Likeness, Named
from anze.rules.catalogue.model import EvidenceKind

LIKE, WHOLE = "like", "items"


def like_of(request: HttpRequest, kind: EvidenceKind) -> Likeness | None:
    """The record that the address names. Raises NotFound for one that the actor does not see."""
    text = request.GET.get(LIKE, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise NotFound("没有这条记录。")
    return copying.likeness(int(text), kind, whole=request.GET.get(WHOLE) == "all")


def begun_with(like: Likeness, values: dict[str, Any]) -> dict[str, Any]:
    """`values`: what an empty form starts with; its instant stays."""
    return {
        **values,
        "title": like.title,
        "parts": [_part(person) for person in like.parts],
        "subjects": [{"type": s.role, "id": s.id, "name": s.name} for s in like.subjects],
        **{f"v_{name}": value for name, value in like.values.items()},
    }


def attended_before(like: Likeness | None) -> list[dict[str, Any]]:
    """Rows for whom a person adds with one click: whoever came then may come again, or not."""
    return [_part(person) for person in like.attended] if like else []


def _part(person: Named) -> dict[str, Any]:
    return {
        "person": person.id,
        "name": person.name,
        "role": person.role,
        "attendance": "attended",
        "hours": "",
    }
