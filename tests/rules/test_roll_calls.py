"""How long a code and a scan are worth something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from anze.rules.roll_calls import CHANGES, TO_SIGN, is_fresh, may_sign, turn_of

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a turn begins here
SECOND = timedelta(seconds=1)


def test_the_code_changes_every_thirty_seconds():
    assert CHANGES.total_seconds() == 30
    assert turn_of(AT) == turn_of(AT + 29 * SECOND)
    assert turn_of(AT + 30 * SECOND) == turn_of(AT) + 1


def test_a_photograph_is_worth_nothing_a_minute_later():
    shown = turn_of(AT)
    assert is_fresh(shown, AT)
    assert is_fresh(shown, AT + 59 * SECOND)
    assert not is_fresh(shown, AT + 60 * SECOND)


def test_a_code_of_the_future_is_none():
    assert not is_fresh(turn_of(AT) + 1, AT)


def test_five_minutes_to_sign():
    assert may_sign(AT, AT)
    assert may_sign(AT, AT + TO_SIGN - SECOND)
    assert not may_sign(AT, AT + TO_SIGN)
    assert not may_sign(AT, AT - SECOND)
