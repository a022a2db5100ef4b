"""Training hours, penalty points, and what joining, moving and leaving ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.catalogue.dossier_model import Asked, Change, ChangeTerm, HoursRule, HoursTerm, Points, Wanted
from anze.rules.catalogue.law import Citation, Every, Limit, LimitUnit
from anze.rules.dossiers.changes import Done, Occasion, OpenItem, Settled, items_of
from anze.rules.dossiers.points import Balance, Level, Penalty, balance
from anze.rules.dossiers.training_hours import Attended, Hours, Progress, hours_of
from anze.rules.periods import ONE_DAY
from tests.rules.build import day

LAW = (Citation("law", "1"),)
FIRST = day("2020-01-01")
STUDY = HoursRule(
    "study", "学习", Asked(drivers=True), ("study",), "hours",
    (HoursTerm(FIRST, LAW, None, Every.MONTH, Fraction(2)),),
)  # fmt: skip
COURSE = replace(STUDY, unit="class_hours", kinds=("study", "course"))


def session(when: str, hours: str | None = None, units: str | None = None, kind: str = "study") -> Attended:
    amounts = (None if text is None else Fraction(text) for text in (hours, units))
    return Attended(int(when.replace("-", "")), day(when), kind, *amounts)


def studied(*sessions: Attended, on: str, joined: str = "2020-01-01", left: str | None = None) -> Hours:
    gone = day(left) if left else None
    found = hours_of(STUDY, sessions, day(on), day=day("2026-05-10"), joined=day(joined), left=gone)
    assert found is not None
    return found


def test_hours_of_the_month_are_added_up() -> None:
    found = studied(session("2026-05-03", "1.5"), session("2026-05-31", "0.5"), on="2026-05-31")
    assert (found.progress, found.done, found.until) == (Progress.ENOUGH, 2, None)
    assert found.facts == (20260503, 20260531)


def test_the_other_unit_is_shown_and_never_counted() -> None:
    found = studied(session("2026-05-03", None, "4"), session("2026-05-04", kind="course"), on="2026-05-31")
    assert (found.done, found.other, found.progress) == (0, (20260503,), Progress.RUNNING)
    assert found.until == day("2026-06-01")
    units = hours_of(COURSE, [session("2026-05-03", None, "4")], FIRST, day=day("2026-05-10"), joined=FIRST)
    assert units is not None
    assert (units.done, units.progress) == (4, Progress.ENOUGH)


@pytest.mark.parametrize(
    ("joined", "left", "on", "progress"),
    [
        ("2026-05-01", None, "2026-06-01", Progress.SHORT),
        ("2026-05-01", "2026-06-01", "2026-06-01", Progress.SHORT),
        ("2026-05-02", None, "2026-06-01", Progress.PARTIAL),
        ("2026-05-01", "2026-05-31", "2026-06-01", Progress.PARTIAL),
        ("2026-05-01", None, "2026-05-31", Progress.RUNNING),
    ],
)
def test_a_part_of_a_period_owes_nothing(joined: str, left: str | None, on: str, progress: Progress) -> None:
    assert studied(on=on, joined=joined, left=left).progress is progress


def test_before_any_number_nothing_is_asked() -> None:
    assert hours_of(STUDY, [], FIRST, day=day("2019-12-31"), joined=FIRST) is None


POINTS = Points(FIRST, LAW, None, months=12, full=12, warns=9)


def penalty(when: str, points: int) -> Penalty:
    return Penalty(int(when.replace("-", "")), day(when), Fraction(points))


def balanced(*penalties: Penalty, issued: str | None = "2010-08-20", on: str = "2026-05-10") -> Balance:
    return balance(POINTS, day(issued) if issued else None, penalties, day(on))


@pytest.mark.parametrize(
    ("points", "level"),
    [(0, Level.CLEAR), (8, Level.CLEAR), (9, Level.NEAR), (11, Level.NEAR), (12, Level.FULL)],
)
def test_points_of_the_span_that_runs(points: int, level: Level) -> None:
    found = balanced(penalty("2025-08-19", 12), penalty("2025-08-20", points))
    assert (found.level, found.points, found.exact) == (level, points, True)
    assert found.period == (day("2025-08-20"), day("2026-08-20"))


@pytest.mark.parametrize(
    ("on", "since"),
    [("2026-08-19", "2025-08-20"), ("2026-08-20", "2026-08-20"), ("2026-12-31", "2026-08-20")],
)
def test_a_span_turns_on_the_day_of_issue(on: str, since: str) -> None:
    assert balanced(on=on).period.since == day(since)


@pytest.mark.parametrize("issued", [None, "2027-01-01"])
def test_without_the_day_of_issue_the_last_months_count(issued: str | None) -> None:
    found = balanced(penalty("2025-05-10", 6), penalty("2025-05-11", 6), issued=issued)
    assert (found.points, found.exact, found.period.until) == (6, False, day("2026-05-11"))


@given(st.dates(date(1990, 1, 1), date(2020, 12, 31)), st.dates(date(2021, 1, 1), date(2035, 12, 31)))
def test_the_span_contains_the_day_and_begins_on_an_anniversary(issued: date, on: date) -> None:
    period = balance(POINTS, issued, [], on).period
    assert period.since <= on < period.until
    assert period.since.month == issued.month
    assert 365 <= period.days <= 366


INDUCTION = Change(
    "induction", "岗前教育", "joined", Asked(everybody=True), (),
    Wanted("induction", "level", frozenset({"a"})),
    (ChangeTerm(FIRST, LAW, None, Limit(0, LimitUnit.DAY), early=30),),
)  # fmt: skip
CONTRACT = replace(
    INDUCTION, id="contract", wanted=Wanted("contract"),
    terms=(ChangeTerm(FIRST, LAW, None, Limit(1, LimitUnit.MONTH), early=0),),
)  # fmt: skip
LESSONS = replace(
    INDUCTION, id="lessons", wanted=Wanted("induction"),
    terms=(ChangeTerm(FIRST, LAW, None, Limit(15, LimitUnit.DAY), 30, least=Fraction(24)),),
)  # fmt: skip
JOINED = Occasion("joined", day("2026-05-10"))


def items(
    change: Change,
    *records: Done,
    occasions: tuple[Occasion, ...] = (JOINED,),
    on: str = "2026-06-01",
    **about: object,
) -> list[OpenItem]:
    words = {"trade": "coach", "area": "330226", "driver": False, "judged_from": day("2026-01-01"), **about}
    return items_of([change], occasions, records, on=day(on), **words)  # type: ignore[arg-type]


def record(when: str, kind: str = "induction", level: str = "a", hours: int = 0) -> Done:
    return Done(int(when.replace("-", "")), day(when), kind, {"level": level}, Fraction(hours))


SETTLED = [
    (INDUCTION, [], "2026-05-10", Settled.OPEN),
    (INDUCTION, [], "2026-05-11", Settled.OVERDUE),
    (INDUCTION, [record("2026-05-10")], "2026-06-01", Settled.DONE),
    (INDUCTION, [record("2026-05-11")], "2026-06-01", Settled.LATE),
    (INDUCTION, [record("2026-04-09")], "2026-06-01", Settled.OVERDUE),  # too long before
    (INDUCTION, [record("2026-05-09", level="b")], "2026-06-01", Settled.OVERDUE),
    (CONTRACT, [record("2026-05-10", "contract")], "2026-06-01", Settled.DONE),
    (CONTRACT, [], "2026-06-10", Settled.OPEN),
    (CONTRACT, [], "2026-06-11", Settled.OVERDUE),
    (LESSONS, [record("2026-05-01", hours=12), record("2026-05-25", hours=12)], "2026-06-01", Settled.DONE),
    (LESSONS, [record("2026-05-01", hours=12), record("2026-05-26", hours=12)], "2026-06-01", Settled.LATE),
    (LESSONS, [record("2026-05-01", hours=12)], "2026-05-25", Settled.OPEN),
]


@pytest.mark.parametrize(("change", "records", "on", "settled"), SETTLED)
def test_what_a_change_asks(change: Change, records: list[Done], on: str, settled: Settled) -> None:
    (item,) = items(change, *records, on=on)
    assert item.settled is settled
    assert (item.fact is None) is (settled in (Settled.OPEN, Settled.OVERDUE))


BEFORE_WORK = replace(INDUCTION, terms=(replace(INDUCTION.terms[0], before_work=True),))
WORK = [
    # work begins, records, today -> standing
    (None, [], "2026-12-01", Settled.OPEN),  # joined in May, holds no post yet
    (None, [record("2026-08-01")], "2026-12-01", Settled.DONE),
    ("2026-06-15", [], "2026-06-15", Settled.OPEN),
    ("2026-06-15", [], "2026-06-16", Settled.OVERDUE),
    ("2026-06-15", [record("2026-06-15")], "2026-12-01", Settled.DONE),  # on the day the post begins
    ("2026-06-15", [record("2026-05-20")], "2026-12-01", Settled.DONE),  # after joining, before the post
    ("2026-06-15", [record("2026-06-16")], "2026-12-01", Settled.LATE),
    ("2026-05-10", [record("2026-05-10")], "2026-12-01", Settled.DONE),  # joins and begins on one day
    ("2026-05-10", [record("2026-05-11")], "2026-12-01", Settled.LATE),
]


@pytest.mark.parametrize(("begins", "records", "on", "settled"), WORK)
def test_what_is_owed_before_the_work_begins(
    begins: str | None, records: list[Done], on: str, settled: Settled
) -> None:
    joined = replace(JOINED, work=day(begins) if begins else None)
    (item,) = items(BEFORE_WORK, *records, occasions=(joined,), on=on)
    assert item.settled is settled
    assert item.due == (day(begins) + ONE_DAY if begins else None)


def test_class_hours_so_far_are_said() -> None:
    (item,) = items(LESSONS, record("2026-05-01", hours=12))
    assert item.done == 12


def test_a_change_that_nobody_is_asked_about_is_left_out() -> None:
    assert items(INDUCTION, judged_from=day("2026-05-11")) == []
    assert items(replace(INDUCTION, areas=("31",))) == []
    assert len(items(replace(INDUCTION, areas=("31", "3302")))) == 1
    assert items(replace(INDUCTION, asked=Asked(drivers=True))) == []
    assert len(items(replace(INDUCTION, asked=Asked(drivers=True)), driver=True)) == 1
    assert items(replace(INDUCTION, on="left")) == []
    assert items(INDUCTION, occasions=(Occasion("joined", day("2019-05-10")),), judged_from=FIRST) == []


def test_a_post_asks_its_holder() -> None:
    change = replace(INDUCTION, on="posted", asked=Asked(posts=("monitor",)))
    taken = (
        Occasion("posted", day("2026-05-10"), "monitor"),
        Occasion("posted", day("2026-05-10"), "driver"),
    )
    assert [item.occasion.post for item in items(change, occasions=taken)] == ["monitor"]


def test_coming_back_asks_only_after_long_absence() -> None:
    change = replace(INDUCTION, on="returned", terms=(replace(INDUCTION.terms[0], away=180),))
    back = (
        Occasion("returned", day("2026-05-10"), away=179),
        Occasion("returned", day("2026-05-12"), away=180),
    )
    assert [item.occasion.day for item in items(change, occasions=back)] == [day("2026-05-12")]


def test_each_move_is_settled_by_its_own_record() -> None:
    moves = (Occasion("moved", day("2026-03-01")), Occasion("moved", day("2026-05-01")))
    change = replace(INDUCTION, on="moved")
    first, second = items(change, record("2026-04-20"), occasions=moves)
    assert (first.settled, second.settled) == (Settled.LATE, Settled.DONE)
    first, second = items(change, record("2026-05-02"), occasions=moves)
    assert (first.settled, second.settled) == (Settled.OVERDUE, Settled.LATE)
