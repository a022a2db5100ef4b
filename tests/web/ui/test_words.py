"""How days, instants and deadlines are said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from anze.rules.duties import WORST_FIRST, State
from anze.web.ui import words

MIDNIGHT = datetime(2026, 11, 30, 16, tzinfo=UTC)  # 1 December 00:00 in Shanghai


def test_every_state_has_its_word_its_icon_and_its_rank() -> None:
    assert set(words.STATES) == {state.value for state in State}
    assert set(words.STATES) < set(words.STATE_ICONS)
    assert tuple(state.value for state in WORST_FIRST) == words.WORST_FIRST


def test_a_deadline_at_midnight_names_the_day_before() -> None:
    assert words.last_day(MIDNIGHT) == date(2026, 11, 30)


def test_a_deadline_by_the_hour_names_its_own_day() -> None:
    assert words.last_day(datetime(2026, 11, 30, 2, tzinfo=UTC)) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 11, 25, 2, tzinfo=UTC), "还有 5 天"),
        (datetime(2026, 11, 30, 2, tzinfo=UTC), "今天截止"),
        (datetime(2026, 11, 30, 16, tzinfo=UTC), "已逾期 1 天"),
        (datetime(2026, 12, 3, 2, tzinfo=UTC), "已逾期 3 天"),
    ],
)
def test_what_is_left(now: datetime, said: str) -> None:
    assert words.say_left(MIDNIGHT, now) == said


def test_within_hours_of_the_deadline() -> None:
    due = datetime(2026, 11, 30, 3, tzinfo=UTC)
    assert words.say_left(due, datetime(2026, 11, 30, 2, tzinfo=UTC)) == "今天截止"
    assert words.say_left(due, datetime(2026, 11, 30, 4, tzinfo=UTC)) == "刚刚逾期"
    assert words.say_left(due, datetime(2026, 11, 29, 15, 30, tzinfo=UTC)) == "今夜截止"


def test_days_and_moments_are_those_of_shanghai() -> None:
    assert words.say_moment(MIDNIGHT) == "2026年12月1日 00:00"
    assert words.say_day(date(2026, 12, 1), today=date(2026, 1, 1)) == "12月1日"
    assert words.say_day(date(2025, 12, 1), today=date(2026, 1, 1)) == "2025年12月1日"
    assert words.say_day(None) == words.say_moment(None) == ""
