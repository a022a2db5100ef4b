"""Which forms settle an item, the usual one first: a meeting's by the next such meeting."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from anze.records.evidence.item_queries import ItemRow
from anze.records.lawbook import lawbook


@dataclass(frozen=True, slots=True)
class SettlingForm:
    name: str
    url: str


def forms_for(row: ItemRow) -> list[SettlingForm]:
    if row.settled:
        return []
    kinds = sorted(row.settling, key=lambda kind: kind != row.kind)
    return [SettlingForm(lawbook().kinds[kind].name, _form(kind)) for kind in kinds]


def _form(kind: str) -> str:
    return f"{reverse('records:new')}?{urlencode({'kind': kind})}#id_v_follow_up"
