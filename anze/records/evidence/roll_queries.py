"""The roll of a session as its leader sees it: who has come, who is excused, who is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from anze.records.acting.context import current
from anze.records.evidence.access import seen
from anze.records.evidence.models import Attachment, Participation, RollCall
from anze.records.evidence.rows import ATTENDANCE_LABELS
from anze.records.lawbook import lawbook

SIGNED_BY = {"account": "账号", "telephone": "手机尾号"}


@dataclass(frozen=True, slots=True)
class RollRow:
    """One person, whatever the number of their roles. `picture`: id of the attachment with the signature."""

    person_id: int
    name: str
    role_labels: str
    attendance: str
    attendance_label: str
    signed_at: datetime | None
    signed_by: str
    picture: int | None


@dataclass(frozen=True, slots=True)
class Roll:
    """`rows`: who signed, the newest first; then who is missing, excused, and there by hand, by name."""

    record_id: int
    title: str
    kind_name: str
    draft: bool
    takes_attendance: bool
    mine: bool  # written by the acting account
    opened_at: datetime | None
    closed_at: datetime | None
    rows: tuple[RollRow, ...]

    @property
    def open(self) -> bool:
        return self.draft and self.opened_at is not None and self.closed_at is None

    @property
    def there(self) -> int:
        return sum(row.attendance == "attended" for row in self.rows)

    @property
    def signed(self) -> tuple[RollRow, ...]:
        return tuple(row for row in self.rows if row.signed_at)


def roll_of(record_id: int) -> Roll:
    """Raises NotFound."""
    record = seen(record_id)
    kind = lawbook().kinds.get(record.kind)
    call = RollCall.objects.filter(record=record).first()
    return Roll(
        record_id=record.pk,
        title=record.title,
        kind_name=kind.name if kind else record.kind,
        draft=record.status == "draft",
        takes_attendance=kind is not None and kind.attendance,
        mine=record.author is not None and record.author == current().actor.account,
        opened_at=call.opened_at if call else None,
        closed_at=call.closed_at if call else None,
        rows=_rows(record_id, {str(role): label for role, label in kind.roles.items()} if kind else {}),
    )


def _rows(record_id: int, labels: dict[str, str]) -> tuple[RollRow, ...]:
    pictures = dict(
        Attachment.objects.filter(record=record_id, purpose="signature").values_list("sha256", "pk")
    )
    parts: dict[int, list[Participation]] = {}
    found = Participation.objects.filter(record=record_id).select_related("person")
    for part in found.order_by("person__pinyin", "person", "pk"):
        parts.setdefault(part.person_id, []).append(part)
    rows = [_row(own, labels, pictures) for own in parts.values()]
    order = {"absent": 0, "excused": 1}
    signed = sorted((row for row in rows if row.signed_at), key=_when, reverse=True)
    others = (row for row in rows if not row.signed_at)
    return (*signed, *sorted(others, key=lambda row: order.get(row.attendance, 2)))


def _row(own: list[Participation], labels: dict[str, str], pictures: dict[str, int]) -> RollRow:
    signed = next((part for part in own if part.signed_at), own[0])
    return RollRow(
        person_id=signed.person_id,
        name=signed.person.name,
        role_labels="、".join(dict.fromkeys(labels.get(part.role, part.role) for part in own)),
        attendance=signed.attendance,
        attendance_label=ATTENDANCE_LABELS.get(signed.attendance, signed.attendance),
        signed_at=signed.signed_at,
        signed_by=SIGNED_BY.get(signed.signed_by, ""),
        picture=pictures.get(signed.signature),
    )


def _when(row: RollRow) -> datetime:
    assert row.signed_at is not None
    return row.signed_at
