"""The lines of a monthly report: obligations of one demand and one holder counted together, with reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Count, Func, Max, Min, Q, QuerySet, Sum

from anze.records.demands import queries as demands
from anze.records.duties.layers import layer_name
from anze.records.duties.models import Obligation
from anze.records.duties.queries import line_state, visible
from anze.records.duties.rows import Names, TermFinder, names_of
from anze.records.duties.words import (
    STATE_LABELS,
    SUBJECT_LABELS,
    reason_in_words,
    rule_in_words,
    summary_in_words,
)
from anze.records.evidence import queries as evidence
from anze.rules.catalogue.model import Layer, Requirement
from anze.rules.duties import State
from anze.rules.periods import add_months
from anze.rules.reports import Change, change, month_end

SETTLED = (State.MET, State.LATE, State.WAIVED, State.EXEMPT)
BEHIND = (State.MISSED, State.UNSET, State.OPEN)
MOST_NAMES = 10  # of subjects that are behind, and of records; the rest is a number
CHANGE_LABELS = {Change.BETTER: "好转", Change.SAME: "持平", Change.WORSE: "变差"}


class Group(NamedTuple):
    """Obligations alike in all that a report tells apart. `after`: so only since the month was over.

    `edition`: of the text that their verdicts rest on.
    """

    requirement: str
    edition: str
    person: int | None
    subject_type: str | None
    month: date | None
    state: str
    reason: str
    after: bool
    n: int
    done: int
    needed: int
    starts: date  # the earliest
    since: datetime  # the latest
    due: datetime | None  # the earliest


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One demand of the month: a single obligation, or those of many subjects, days or events together."""

    requirement: str
    line_id: str
    number: str  # of the printed line
    position: str
    text: str
    rule: str
    person_name: str  # who owes it, where the post as such does not
    measure: str  # 名驾驶员, 辆车: what `total` counts
    standing: bool  # no due day
    counts: dict[str, int]
    total: int
    settled: int
    done: int
    needed: int
    state: str
    state_label: str
    due: datetime | None
    reason_text: str
    behind: tuple[str, ...]  # names of subjects that are not settled
    behind_more: int
    records: tuple[str, ...]  # numbers
    records_more: int
    change: Change | None

    @property
    def change_label(self) -> str:
        return CHANGE_LABELS[self.change] if self.change else ""


Key = tuple[str, int | None, bool]  # requirement, who owes it, whether it has no due day
FIELDS = ("requirement", "edition", "person", "subject_type", "month", "state", "reason", "after")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the lines are made from, read once for all of them."""

    now: Mapping[Key, Sequence[Group]]
    before: Mapping[Key, Sequence[Group]]
    behind: Mapping[Key, Sequence[tuple[str, int]]]
    records: Mapping[Key, Sequence[str]]
    names: Names


def groups_of(company_id: int, month: date, person_id: int | None, positions: Sequence[str]) -> list[Group]:
    """What falls due in the month and in the one before, and what was asked in it without a due day."""
    counted = (
        _rows(company_id, month, person_id, positions)
        .annotate(after=Q(since__gte=month_end(month)))
        .values_list(*FIELDS)
        .annotate(Count("id"), Sum("done"), Sum("needed"), Min("starts"), Max("since"), Min("due"))
    )
    return [Group(*values) for values in counted.order_by(*FIELDS)]


def lines_of(
    company_id: int, month: date, person_id: int | None, positions: Sequence[str], groups: Sequence[Group]
) -> list[ReportLine]:
    """In printed order, then by name. `groups`: what `groups_of` answered, as far as it counts."""
    rows = _rows(company_id, month, person_id, positions).filter(
        Q(month=month) | Q(month=None, since__lt=month_end(month))
    )
    now = _by_key(group for group in groups if group.month in (month, None))
    behind = _behind(rows)
    owing = {person for _, person, _ in now if person is not None}
    reading = _Reading(
        now,
        _by_key(group for group in groups if group.month not in (month, None)),
        behind,
        _records(rows),
        names_of(owing, {who for found in behind.values() for who in found}),
    )
    terms, order = TermFinder([company_id]), _printed_order(company_id, {key[0] for key in now})
    lines = []
    for key, found in now.items():
        ruling = max(found, key=attrgetter("starts"))
        requirement, term = terms.reading(company_id, key[0], ruling.edition, ruling.starts, ruling.due)
        rule = rule_in_words(requirement, term)
        if term is not None and term.layer is not Layer.NATIONAL:
            rule += f"依{layer_name(term)}。"
        lines.append(_line(requirement, order[key[0]][1], rule, key, reading))
    return sorted(lines, key=lambda line: (order[line.requirement][0], line.standing, line.person_name))


def _rows(
    company_id: int, month: date, person_id: int | None, positions: Sequence[str]
) -> QuerySet[Obligation]:
    rows = visible(company_id).filter(
        Q(month__in=[add_months(month, -1), month]) | Q(month=None, starts__lt=add_months(month, 1))
    )
    if person_id is None:
        return rows
    by_post = Q(person=None, position__in=list(positions))
    about = Q(subject_type__in=["driver", "employee"], subject=person_id)
    return rows.filter(Q(person=person_id) | by_post | about)


def _by_key(groups: Iterable[Group]) -> dict[Key, list[Group]]:
    found: dict[Key, list[Group]] = {}
    for group in groups:
        found.setdefault((group.requirement, group.person, group.month is None), []).append(group)
    return found


def _behind(rows: QuerySet[Obligation]) -> dict[Key, list[tuple[str, int]]]:
    """Subjects that are not settled, those with most missing first."""
    found: dict[Key, list[tuple[str, int]]] = {}
    counted = rows.exclude(subject=None).filter(state__in=BEHIND)
    fields = ("requirement", "person", "month", "subject_type", "subject")
    for requirement, person, month, kind, subject, _ in (
        counted.values_list(*fields).annotate(n=Count("id")).order_by("-n", "subject")
    ):
        assert kind is not None
        assert subject is not None
        found.setdefault((requirement, person, month is None), []).append((kind, subject))
    return found


def _records(rows: QuerySet[Obligation]) -> dict[Key, list[str]]:
    """Numbers of the records that prove something, in the order of the numbers."""
    named = rows.annotate(record=Func("facts", function="unnest"))
    proofs = list(named.values_list("requirement", "person", "month", "record").distinct())
    numbers = evidence.numbers_of({record for *_, record in proofs})
    found: dict[Key, set[str]] = {}
    for requirement, person, month, record in proofs:
        found.setdefault((requirement, person, month is None), set()).add(numbers.get(record, ""))
    return {key: sorted(each - {""}) for key, each in found.items()}


def _printed_order(company_id: int, requirements: Set[str]) -> dict[str, tuple[int, str]]:
    """Requirement id -> its place among all, and the number of its line; what ended comes last."""
    found: dict[str, tuple[int, str]] = {}
    for position in demands.positions(company_id):
        for line in (*position.duties, *position.responsibilities):
            for requirement in line.requirements:
                if requirement.id in requirements:
                    found[requirement.id] = (len(found), line.number)
    ended = sorted(requirements - found.keys())
    return found | {key: (len(found) + n, "企") for n, key in enumerate(ended)}


def _line(requirement: Requirement, number: str, rule: str, key: Key, reading: _Reading) -> ReportLine:
    groups = reading.now[key]
    counts = _counts(groups)
    worst = line_state(counts)
    assert worst is not None
    speaking = [group for group in groups if group.state == worst]
    behind = [
        reading.names.get(("person" if kind in ("driver", "employee") else kind, subject), "")
        for kind, subject in reading.behind.get(key, ())
    ]
    records = reading.records.get(key, ())
    compared = change(_counts(reading.before.get(key, ())), counts)
    return ReportLine(
        requirement=requirement.id,
        line_id=requirement.line,
        number=number,
        position=requirement.position,
        text=requirement.text,
        rule=rule,
        person_name=reading.names.get(("person", key[1] or 0), ""),
        measure=SUBJECT_LABELS.get(groups[0].subject_type or "", ""),
        standing=key[2],
        counts=dict(counts),
        total=sum(counts.values()),
        settled=sum(counts[state] for state in SETTLED),
        done=sum(group.done for group in groups),
        needed=sum(group.needed for group in groups),
        state=worst,
        state_label=STATE_LABELS[State(worst)],
        due=min((group.due for group in groups if group.due), default=None),
        reason_text=_reason(speaking, many=sum(counts.values()) > 1),
        behind=tuple(behind[:MOST_NAMES]),
        behind_more=max(len(behind) - MOST_NAMES, 0),
        records=tuple(records[:MOST_NAMES]),
        records_more=max(len(records) - MOST_NAMES, 0),
        change=compared,
    )


def _reason(groups: Sequence[Group], *, many: bool) -> str:
    """Why the worst state is so; of many obligations, how many for each reason."""
    if not many:
        return reason_in_words(groups[0].reason, done=groups[0].done, needed=groups[0].needed)
    counted = Counter[str]()
    for group in groups:
        counted[group.reason] += group.n
    return "".join(f"{n}项：{summary_in_words(reason)}" for reason, n in counted.most_common())


def _counts(groups: Iterable[Group]) -> Counter[str]:
    counts = Counter[str]()
    for group in groups:
        counts[group.state] += group.n
    return counts
