"""The ledger: which records a filter chooses, and the rows of its printed list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

from django.db.models import Q, QuerySet

from anze.records.acting.errors import Refused
from anze.records.evidence.access import visible
from anze.records.evidence.models import Participation, Record
from anze.records.evidence.rows import FieldRow, RecordRow, fields_of, rows_of
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Role
from anze.rules.periods import midnight

MOST_LISTED = 2000
LEADING = (Role.CHAIR, Role.ORGANISER, Role.SIGNER, Role.INSPECTOR)


class Filters(TypedDict, total=False):
    """`since` and `until`: half-open days; `search`: title or number."""

    kind: str | None
    kinds: Sequence[str] | None
    status: str | None
    since: date | None
    until: date | None
    search: str | None
    company_id: int | None


class TooManyListed(Refused):
    pass


@dataclass(frozen=True, slots=True)
class ListedRow:
    """`led_by`: who chaired, organised, signed or inspected."""

    record: RecordRow
    fields: tuple[FieldRow, ...]
    led_by: tuple[str, ...]


def chosen(**filters: Unpack[Filters]) -> QuerySet[Record]:
    """Visible records that the filters leave, in no order."""
    rows = visible()
    exact = {
        "company": filters.get("company_id"),
        "kind": filters.get("kind"),
        "status": filters.get("status"),
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if (kinds := filters.get("kinds")) is not None:
        rows = rows.filter(kind__in=kinds)
    if since := filters.get("since"):
        rows = rows.filter(happened_at__gte=midnight(since))
    if until := filters.get("until"):
        rows = rows.filter(happened_at__lt=midnight(until))
    if text := (filters.get("search") or "").strip().replace("\x00", ""):
        rows = rows.filter(Q(title__icontains=text) | Q(number__istartswith=text))
    return rows


def listed(**filters: Unpack[Filters]) -> list[ListedRow]:
    """For a printed list: by the day they happened. Raises TooManyListed."""
    found = list(chosen(**filters).order_by("happened_at", "pk")[: MOST_LISTED + 1])
    if len(found) > MOST_LISTED:
        raise TooManyListed(
            f"符合条件的记录超过 {MOST_LISTED} 条，不便打印。请按种类或发生日期缩小范围，或导出表格。"
        )
    led: dict[int, list[str]] = defaultdict(list)
    parts = Participation.objects.filter(record__in=found, role__in=LEADING)
    for record_id, name in parts.order_by("person__pinyin").values_list("record", "person__name"):
        if name not in led[record_id]:
            led[record_id].append(name)
    kinds = lawbook().kinds
    return [
        ListedRow(row, fields_of(record, kinds.get(record.kind)), tuple(led[record.pk]))
        for record, row in zip(found, rows_of(found), strict=True)
    ]
