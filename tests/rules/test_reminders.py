"""Reminders: what is due, to whom, once only, never at night, and when the next can be due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anze.rules.periods import OFFSET, midnight
from anze.rules.reminders import (
    Duty,
    Item,
    Ladder,
    Plan,
    Receiver,
    Step,
    after_quiet,
    plan,
    quiet,
    receivers,
    speaks_at,
)

PERSON, SUPERIOR, PRINCIPAL = Receiver
ME, HEAD, BOSS = 1, 2, 3
PEOPLE = {PERSON: (ME,), SUPERIOR: (HEAD,), PRINCIPAL: (BOSS,)}
STEPS = (
    Step(-3, PERSON, ("mail",)),
    Step(0, PERSON, ("sms",)),
    Step(1, SUPERIOR, ("mail",)),
    Step(3, PRINCIPAL, ("wecom", "mail")),
)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
LADDER = Ladder(LONG_AGO, 8, STEPS)
NOVEMBER = Duty(7, date(2026, 11, 1), midnight(date(2026, 12, 1)), False, PEOPLE)


def at(day: int, hour: int = 8, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=OFFSET)


def asked(
    *duties: Duty,
    now: datetime,
    sent: dict[tuple[int, int], int] | None = None,
    told: dict[int, datetime] | None = None,
    fold: bool = False,
    ladder: Ladder = LADDER,
) -> Plan:
    return plan(ladder, duties or (NOVEMBER,), sent=sent or {}, told=told or {}, at=now, fold=fold)


def said(found: Plan) -> list[tuple[int, int, int]]:
    """(person, duty, days) of everything said."""
    return [(n.person, item.duty, item.days) for n in found.notices for item in n.items]


@pytest.mark.parametrize(
    ("hour", "silent"), [(0, True), (6, True), (7, False), (12, False), (21, False), (22, True), (23, True)]
)
def test_the_night_is_quiet(hour: int, silent: bool):
    assert quiet(at(20, hour)) is silent


def test_the_quiet_hours_end_in_the_morning_that_follows():
    assert after_quiet(at(20, 23)) == at(21, 7)
    assert after_quiet(at(20, 3)) == at(20, 7)
    assert after_quiet(at(20, 15)) == at(20, 15)


def test_a_step_speaks_so_many_days_from_the_last_day():
    assert speaks_at(LADDER, NOVEMBER, -3) == at(27)
    assert speaks_at(LADDER, NOVEMBER, 0) == at(30)
    assert speaks_at(LADDER, NOVEMBER, 1) == at(1, month=12)


def test_nobody_is_told_of_what_has_not_begun():
    assert speaks_at(LADDER, NOVEMBER, -60) == at(1)


def test_before_the_first_step_nothing_is_due():
    assert asked(now=at(27, 7, 59)) == Plan((), at(27))


def test_at_the_step_the_person_is_told_by_its_channel():
    found = asked(now=at(27))
    (notice,) = found.notices
    assert (notice.person, notice.channels, notice.items) == (ME, ("mail",), (Item(7, -3, PERSON),))
    assert notice.folded == ()


def test_what_was_sent_is_not_sent_again():
    assert asked(now=at(28), sent={(7, ME): -3}) == Plan((), at(30))


def test_each_receiver_has_steps_of_their_own():
    sent = {(7, ME): 0}
    assert said(asked(now=at(1, month=12), sent=sent)) == [(HEAD, 7, 1)]
    assert said(asked(now=at(3, month=12), sent=sent | {(7, HEAD): 1})) == [(BOSS, 7, 3)]
    everything = sent | {(7, HEAD): 1, (7, BOSS): 3}
    assert asked(now=at(9, month=12), sent=everything) == Plan((), None)


def test_after_an_outage_only_the_latest_step_speaks():
    assert said(asked(now=at(30, 9))) == [(ME, 7, 0)]


def test_a_clock_set_back_sends_nothing_twice():
    """The last step was sent; the clock then says that it is the day of the first."""
    assert asked(now=at(27), sent={(7, ME): 0}) == Plan((), at(1, month=12))


def test_at_night_nothing_is_said_until_the_morning():
    assert asked(now=at(30, 23)) == Plan((), at(1, 7, month=12))


def test_whoever_was_told_today_is_told_the_rest_tomorrow():
    other = NOVEMBER._replace(id=8)
    found = asked(NOVEMBER, other, now=at(27, 15), sent={(7, ME): -3}, told={ME: at(27)})
    assert found == Plan((), at(28))
    assert said(asked(NOVEMBER, other, now=at(28), sent={(7, ME): -3}, told={ME: at(27)})) == [(ME, 8, -3)]


def test_what_cannot_wait_until_tomorrow_is_said_today():
    accident = Duty(9, date(2026, 11, 27), at(27, 16), False, PEOPLE)
    assert said(asked(accident, now=at(27, 15), told={ME: at(27)})) == [(ME, 9, 0)]


def test_a_clock_set_back_makes_nobody_told_twice_a_day():
    assert asked(now=at(27), told={ME: at(28)}) == Plan((), at(28))


def test_several_duties_of_one_person_become_one_message():
    other = NOVEMBER._replace(id=8, due=midnight(date(2026, 11, 28)))
    (notice,) = asked(NOVEMBER, other, now=at(27)).notices
    assert notice.items == (Item(7, -3, PERSON), Item(8, 0, PERSON))
    assert notice.channels == ("mail", "sms")


def test_switched_on_late_what_was_missed_is_counted_once():
    late = Ladder(at(20, 10), 8, STEPS)
    old = [NOVEMBER._replace(id=n, due=midnight(date(2026, 5, 1)), missed=True) for n in range(100)]
    found = asked(*old, now=at(20, 10), fold=True, ladder=late)
    assert [(n.person, len(n.items), len(n.folded)) for n in found.notices] == [
        (ME, 0, 100), (HEAD, 0, 100), (BOSS, 0, 100),
    ]  # fmt: skip
    assert set(found.notices[0].channels) == {"mail", "sms", "wecom"}
    assert asked(*old, now=at(20, 10), ladder=late) == Plan((), None)


def test_switched_on_late_what_is_still_open_is_not_counted_as_missed():
    late = Ladder(at(28), 8, STEPS)
    assert asked(now=at(28), fold=True, ladder=late) == Plan((), at(30))


def test_somebody_who_is_superior_and_principal_is_told_once_at_a_time():
    both = NOVEMBER._replace(receivers={PERSON: (ME,), SUPERIOR: (BOSS,), PRINCIPAL: (BOSS,)})
    assert said(asked(both, now=at(4, month=12), sent={(7, ME): 0})) == [(BOSS, 7, 3)]
    assert said(asked(both, now=at(1, month=12), sent={(7, ME): 0})) == [(BOSS, 7, 1)]


POSTS = {"monitor": "head", "head": "deputy", "deputy": "boss"}


def reached(position: str, owners: list[int], **holders: list[int]) -> dict[Receiver, tuple[int, ...]]:
    return receivers(position, owners, holders=holders, superior=POSTS, principals=holders.get("boss", []))


def test_the_superior_is_the_next_post_that_somebody_holds():
    assert reached("monitor", [1], head=[2], boss=[9]) == {PERSON: (1,), SUPERIOR: (2,), PRINCIPAL: (9,)}
    assert reached("monitor", [1], deputy=[3], boss=[9])[SUPERIOR] == (3,)
    assert reached("monitor", [1])[SUPERIOR] == ()


def test_nobody_is_the_superior_of_their_own_omission():
    assert reached("monitor", [1], head=[1], deputy=[3], boss=[9])[SUPERIOR] == (3,)
    assert reached("boss", [9], boss=[9]) == {PERSON: (9,), SUPERIOR: (), PRINCIPAL: ()}


def test_a_vacant_posts_reminders_go_further_up():
    assert reached("monitor", [], head=[2], boss=[9])[PERSON] == (2,)
    assert reached("boss", [], boss=[9])[PERSON] == (9,)


def test_superiors_chosen_in_a_ring_end():
    ring = {"a": "b", "b": "a"}
    assert receivers("a", [1], holders={}, superior=ring, principals=[9])[SUPERIOR] == ()


# Any history of runs: the clock may jump back and forth, the worker may sleep for days.
moments = st.lists(
    st.integers(min_value=0, max_value=70 * 24).map(lambda h: at(1) + timedelta(hours=h)), max_size=40
)
dues = st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(moments, dues)
def test_in_any_history_nothing_is_sent_twice_and_nothing_at_night(runs: list[datetime], days: list[int]):
    duties = [
        NOVEMBER._replace(id=n, due=midnight(date(2026, 11, 1) + timedelta(days=d)))
        for n, d in enumerate(days)
    ]
    sent: dict[tuple[int, int], int] = {}
    told: dict[int, datetime] = {}
    heard: list[tuple[int, int, int]] = []
    for now in runs:
        found = asked(*duties, now=now, sent=sent, told=told)
        assert not (found.notices and quiet(now))
        assert len({n.person for n in found.notices}) == len(found.notices)
        for person, duty, step in said(found):
            assert sent.get((duty, person), -99) < step
            sent[duty, person] = step
            told[person] = max(now, told.get(person, now))
            heard.append((person, duty, step))
    assert len(heard) == len(set(heard))


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=60 * 24), st.integers(min_value=1, max_value=50))
def test_until_then_nothing_new_is_due(hours: int, day: int):
    duty = NOVEMBER._replace(due=midnight(date(2026, 11, 1) + timedelta(days=day)))
    now = at(1) + timedelta(hours=hours)
    found = asked(duty, now=now)
    sent = {(d, person): step for person, d, step in said(found)}
    if found.until is None:
        assert asked(duty, now=now + timedelta(days=200), sent=sent) in (
            Plan((), None), Plan((), after_quiet(now + timedelta(days=200))),
        )  # fmt: skip
    else:
        assert found.until > now
        assert said(asked(duty, now=found.until - timedelta(minutes=1), sent=sent)) == []
