"""What joining, taking a post, moving, coming back and leaving ask, and what is still open of it.

Rule 1: a change before the first day judged asks nothing: nobody recorded anything then.
Rule 2: what is owed `within 0 days` is owed on the day of the change at the latest; done later it is late.
Rule 3: what is owed before the work begins is asked from joining on, and late only once the work has begun:
with the first post, or a driver's first vehicle. Until then it is open, however long.
Rule 4: a record settles a change from so many days before it on, until the next change of the same sort.
安全生产法第二十八条; 劳动合同法第十条、第五十条.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from anze.rules.catalogue.dossier_model import Change, ChangeTerm, in_force
from anze.rules.catalogue.law import Limit, LimitUnit
from anze.rules.dossiers.validity import Holder, is_asked
from anze.rules.periods import ONE_DAY, add_months


class Settled(StrEnum):
    DONE = "done"
    LATE = "late"
    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Occasion:
    """A change in a person's service. `post`: the one taken; `away`: days of absence before coming back.

    `work`: of joining: the day on which the work began; None: it has not.
    """

    on: str
    day: date
    post: str = ""
    away: int = 0
    work: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A sealed record about the person that may settle a change."""

    fact: int
    day: date
    kind: str
    choices: Mapping[str, str] = field(default_factory=dict)
    class_hours: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """`due`: the first day that is too late; None: not before the work begins."""

    change: Change
    term: ChangeTerm
    occasion: Occasion
    due: date | None
    settled: Settled
    fact: int | None
    done: Fraction = Fraction(0)  # 学时 so far, where so many are asked


def items_of(
    changes: Iterable[Change],
    occasions: Sequence[Occasion],
    records: Iterable[Done],
    *,
    trade: str,
    area: str,
    driver: bool,
    judged_from: date,
    on: date,
) -> list[OpenItem]:
    """Of every change that has come or is on record ahead, by day."""
    records = sorted(records, key=lambda record: (record.day, record.fact))
    found = []
    for change in changes:
        if change.areas and not any(area.startswith(prefix) for prefix in change.areas):
            continue
        for occasion in occasions:
            asked = is_asked(change.asked, Holder(trade, driver, frozenset({occasion.post})))
            term = in_force(change.terms, occasion.day)
            if occasion.on != change.on or not asked or occasion.day < judged_from or term is None:
                continue
            if occasion.away >= term.away:
                found.append(_item(change, term, occasion, _until(occasion, occasions), records, on))
    return sorted(found, key=lambda item: (item.occasion.day, item.change.id))


def _until(occasion: Occasion, occasions: Sequence[Occasion]) -> date | None:
    """The next change of the same sort: what happens from then on belongs to it."""
    later = [
        o.day for o in occasions if (o.on, o.post) == (occasion.on, occasion.post) and o.day > occasion.day
    ]
    return min(later, default=None)


def _item(
    change: Change,
    term: ChangeTerm,
    occasion: Occasion,
    until: date | None,
    records: Sequence[Done],
    on: date,
) -> OpenItem:
    since = occasion.day - timedelta(days=term.early)
    due = _due(term, occasion)
    fitting = [
        record
        for record in records
        if record.kind == change.wanted.kind
        and change.wanted.takes(record.choices)
        and record.day >= since
        and (until is None or record.day < until)
    ]
    settling, done = _settling(term, fitting)
    if settling is None:
        state = Settled.OVERDUE if due is not None and on >= due else Settled.OPEN
        return OpenItem(change, term, occasion, due, state, None, done)
    state = Settled.DONE if due is None or settling.day < due else Settled.LATE
    return OpenItem(change, term, occasion, due, state, settling.fact, done)


def _settling(term: ChangeTerm, fitting: Sequence[Done]) -> tuple[Done | None, Fraction]:
    """The first record, or the one with which enough 学时 were reached."""
    if term.least is None:
        return (fitting[0] if fitting else None), Fraction(0)
    done = Fraction(0)
    for record in fitting:
        done += record.class_hours
        if done >= term.least:
            return record, done
    return None, done


def _due(term: ChangeTerm, occasion: Occasion) -> date | None:
    if term.before_work:
        return None if occasion.work is None else _after(occasion.work, term.within)
    return _after(occasion.day, term.within)


def _after(day: date, within: Limit) -> date:
    """The first day too late."""
    if within.unit is LimitUnit.MONTH:
        return add_months(day, within.amount) + ONE_DAY
    return day + timedelta(days=within.amount) + ONE_DAY
