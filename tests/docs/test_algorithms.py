"""The worked numbers of docs/algorithms/obligations.md are what the rules answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from anze.rules.catalogue.load import load
from anze.rules.duties.quotas import Rhythm
from anze.rules.periods import ONE_DAY, WorkCalendar, midnight
from tests.docs.pages import ROOT
from tests.rules.build import book, company, day, decided, holding, requirement, term

PAGE = (ROOT / "docs" / "algorithms" / "obligations.md").read_text("utf-8")


def table(name: str) -> list[list[str]]:
    """The rows below `<!-- table: name -->`, without head and rule."""
    lines = PAGE.partition(f"<!-- table: {name} -->\n")[2].split("\n\n")[0].splitlines()
    assert len(lines) > 2, name
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize(("every", "times", "since", "until", "period", "asked"), table("shares"))
def test_the_share_of_a_period(
    every: str, times: str, since: str, until: str, period: str, asked: str
) -> None:
    one = requirement("quota", term(every=every, times=int(times)), owed_by="holder")
    of = company(holding(since=since, until=until or None), judged_from=since)
    verdicts = {
        starts: verdict for (starts, _), verdict in decided(book(one), now="2025-06-01T00:00", of=of).items()
    }
    assert verdicts[day(period)].needed == int(asked)
    assert (verdicts[day(period)].state == "exempt") is (asked == "0")


@pytest.mark.parametrize(("last", "late_from", "why"), table("recording"))
def test_the_recording_limit(last: str, late_from: str, why: str) -> None:
    catalogue = load(ROOT / "catalogue")
    now = datetime(2025, 1, 1, tzinfo=UTC)
    limit, provisional = Rhythm(WorkCalendar(catalogue.calendar), catalogue.recording, now).record_by(
        day(last) + ONE_DAY
    )
    assert (limit, provisional) == (midnight(day(late_from)), False)


def test_months_and_days_run_out_as_the_page_says() -> None:
    assert day("2026-03-05") + timedelta(days=60) == day("2026-05-04")
    one = requirement("quota", term(every="year", times=4), term("2026-07-01", every="month"))
    verdicts = decided(book(one), now="2026-08-10T00:00")
    assert [verdicts[day(d), None].needed for d in ("2026-01-01", "2026-07-01", "2026-08-01")] == [2, 1, 1]
