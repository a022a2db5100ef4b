"""What a sheet lists: open duties of the post, and drafts that its holder has not sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from anze.records.acting.context import SHANGHAI
from anze.records.duties.leaving import open_duties
from anze.records.duties.words import STATE_LABELS
from anze.records.duties.workbench import Group
from anze.records.evidence.models import Record
from anze.records.lawbook import lawbook
from anze.records.people.models import Account, Holding
from anze.rules.duties import State
from anze.rules.periods import ONE_DAY


@dataclass(frozen=True, slots=True)
class Entry:
    """`key`: stays the same while the form is filled in."""

    key: str
    kind: str  # duty draft
    title: str
    detail: str


def entries_of(holding: Holding) -> list[Entry]:
    """By urgency, the drafts last."""
    return [*(_duty(group) for group in open_duties(holding.pk)), *_drafts(holding)]


def _duty(group: Group) -> Entry:
    row = group.row
    said = STATE_LABELS[State(row.state)]
    if row.due is not None:
        said += f"，期限 {_last(row.due)}"
    if group.total > 1:
        said += f"，还差 {group.total - group.settled} 项"
    return Entry(f"duty-{row.id}", "duty", row.text, said)


def _last(due: datetime) -> str:
    """A deadline names the first instant that is too late; at midnight the day before is the last one."""
    local = due.astimezone(SHANGHAI)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return (local.date() - ONE_DAY).isoformat()
    return f"{local:%Y-%m-%d %H:%M}"


def _drafts(holding: Holding) -> list[Entry]:
    accounts = Account.objects.filter(person=holding.person_id).values("pk")
    rows = Record.objects.filter(
        company=holding.company_id, author__in=accounts, status=Record.Status.DRAFT
    ).order_by("happened_at", "pk")
    kinds = lawbook().kinds
    return [
        Entry(
            f"draft-{row.pk}",
            "draft",
            row.title,
            f"{kinds[row.kind].name if row.kind in kinds else row.kind}，"
            f"{row.happened_at.astimezone(SHANGHAI):%Y-%m-%d}",
        )
        for row in rows
    ]
