"""What one owes, sorted into 逾期未履行, 本周到期, 本月到期, 待企业明确 and 以后."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from anze.records.duties.workbench import Group
from anze.web.ui.words import last_day

HEADINGS = {
    "missed": ("逾期未履行", "missed"),
    "week": ("本周到期", "open"),
    "month": ("本月到期", "open"),
    "unset": ("待企业明确", "unset"),
    "later": ("以后", "upcoming"),
}


@dataclass(slots=True)
class Item:
    """One demand; its other periods of the same bucket are folded into a number."""

    group: Group
    others: int = 0


@dataclass(slots=True)
class Bucket:
    key: str
    title: str
    look: str
    items: list[Item] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(1 + item.others for item in self.items)


def buckets(groups: Iterable[Group], today: date) -> list[Bucket]:
    """All five, empty ones included. What is due first stands first; of what is missed, the newest."""
    found = {key: Bucket(key, title, look) for key, (title, look) in HEADINGS.items()}
    members: dict[str, list[Group]] = {key: [] for key in HEADINGS}
    for group in groups:
        members[bucket_of(group.worst, group.row.due, today)].append(group)
    for key, inside in members.items():
        found[key].items = _fold(sorted(inside, key=_due_first, reverse=key == "missed"))
    return list(found.values())


def folded(groups: Iterable[Group]) -> list[Item]:
    """The newest period of each demand, with the number of the others."""
    return _fold(sorted(groups, key=_due_first, reverse=True))


def bucket_of(state: str, due: datetime | None, today: date) -> str:
    if state in ("missed", "unset"):
        return state
    if due is None or state != "open":
        return "later"
    end = last_day(due)
    if end <= today + timedelta(days=6 - today.weekday()):
        return "week"
    return "month" if (end.year, end.month) <= (today.year, today.month) else "later"


def _due_first(group: Group) -> tuple[bool, float, str]:
    due = group.row.due
    return (due is None, due.timestamp() if due else 0, group.row.requirement)


def _fold(groups: Sequence[Group]) -> list[Item]:
    """Events are never folded: each has its own clock."""
    items: dict[tuple[str, int | None, int | None], Item] = {}
    for group in groups:
        key = (group.row.requirement, group.row.person_id, group.row.event_id)
        if key in items:
            items[key].others += 1
        else:
            items[key] = Item(group)
    return list(items.values())
