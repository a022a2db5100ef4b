"""What must be spoken of in a year, and what was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.catalogue.dossier_model import Asked, TopicsRule, TopicsTerm
from anze.rules.catalogue.law import Citation, Every
from anze.rules.dossiers.topics import Taught, Topics, topics_of
from anze.rules.dossiers.training_hours import Progress
from tests.rules.build import day

TERM = TopicsTerm(day("2020-01-01"), (Citation("law", "1"),), None, Every.YEAR, ("law", "cases", "skills"))
RULE = TopicsRule("drivers", "内容", Asked(drivers=True), ("study", "special"), "topics", {}, (TERM,))


def session(when: str, *topics: str, kind: str = "study") -> Taught:
    return Taught(int(when.replace("-", "")), day(when), kind, frozenset(topics))


def taught(*sessions: Taught, on: str, joined: str = "2020-01-01", left: str | None = None) -> Topics:
    gone = day(left) if left else None
    found = topics_of(RULE, sessions, day(on), day=day("2026-05-10"), joined=day(joined), left=gone)
    assert found is not None
    return found


def test_what_is_missing_stands_in_the_order_of_the_rule() -> None:
    found = taught(session("2026-03-01", "cases", "other"), session("2026-04-01", "other"), on="2026-05-10")
    assert (found.missing, found.progress) == (("law", "skills"), Progress.RUNNING)
    assert (found.facts, found.until) == ((20260301,), day("2027-01-01"))


def test_sessions_of_kinds_that_count_and_of_the_year_teach() -> None:
    full = [session("2026-01-01", "law", "cases"), session("2026-12-31", "skills", kind="special")]
    assert taught(*full, on="2026-12-31").progress is Progress.ENOUGH
    other = [
        session("2025-12-31", "law"),
        session("2027-01-01", "cases"),
        session("2026-02-01", "skills", kind="x"),
    ]
    assert taught(*other, on="2026-12-31").missing == ("law", "cases", "skills")


@pytest.mark.parametrize(
    ("joined", "left", "on", "progress"),
    [
        ("2026-01-01", None, "2027-01-01", Progress.SHORT),
        ("2026-01-02", None, "2027-01-01", Progress.PARTIAL),
        ("2025-01-01", "2026-12-31", "2027-01-01", Progress.PARTIAL),
        ("2025-01-01", "2027-01-01", "2027-01-01", Progress.SHORT),
    ],
)
def test_a_part_of_a_year_owes_nothing(joined: str, left: str | None, on: str, progress: Progress) -> None:
    assert taught(on=on, joined=joined, left=left).progress is progress


def test_before_the_first_term_nothing_is_asked() -> None:
    first = day("2019-12-31")
    assert topics_of(RULE, [], first, day=first, joined=first) is None


@given(st.lists(st.sampled_from(("law", "cases", "skills", "other")), max_size=6))
def test_another_session_takes_nothing_away(topics: list[str]) -> None:
    sessions = [session("2026-05-01", topic) for topic in topics]
    for count in range(len(sessions)):
        fewer, more = (set(taught(*sessions[:n], on="2026-05-10").missing) for n in (count, count + 1))
        assert more <= fewer
