"""What holds for every company, record and instant, over ten years."""

import itertools
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from anze.rules.catalogue.model import Every
from anze.rules.duties import State, decide
from anze.rules.periods import midnight
from anze.rules.posts import Span
from tests.rules.build import BOSS, NEXT, book, company, fact, holding, part, requirement, term

FIRST, LAST = date(2024, 1, 1), date(2033, 12, 31)
DAYS = st.dates(FIRST, LAST)
RULES = st.builds(
    lambda every, times, owed_by: requirement("quota", term(every=every, times=times), owed_by=owed_by),
    st.sampled_from([e for e in Every if e is not Every.DAY]),
    st.integers(1, 4),
    st.sampled_from(["post", "holder"]),
)


@st.composite
def companies(draw):
    start, change = sorted([draw(DAYS), draw(DAYS)])
    if start == change:
        return company(holding(since=start.isoformat()), judged_from=start.isoformat())
    first = holding(since=start.isoformat(), until=change.isoformat())
    return company(first, holding(NEXT, since=change.isoformat(), key=2), judged_from=start.isoformat())


@st.composite
def records(draw):
    days = draw(st.lists(DAYS, max_size=12))
    return [
        fact(f"{d.isoformat()}T09:00", part(draw(st.sampled_from([BOSS, NEXT]))), key=n)
        for n, d in enumerate(days)
    ]


@given(RULES, companies(), records(), DAYS)
@settings(max_examples=150, deadline=None)
def test_a_verdict_stands_until_its_expiry_and_changes_no_sooner(one, of, facts, day):
    """Deciding one instant before `until` gives the same; at `until` the state is another."""
    rulebook, now = book(one), midnight(day)
    known = [f for f in facts if f.received <= now]
    for obligation, verdict in decide(rulebook, of, known, now):
        assert verdict.until is None or verdict.until > now
        if verdict.until is None:
            assert verdict.state in (State.MET, State.LATE, State.MISSED, State.EXEMPT, State.WAIVED)
            continue
        for instant, same in ((verdict.until - timedelta(microseconds=1), True), (verdict.until, False)):
            later = dict(decide(rulebook, of, known, instant))[obligation]
            assert (later.state is verdict.state) is same


@given(RULES, companies(), records(), DAYS)
@settings(max_examples=100, deadline=None)
def test_periods_of_a_holder_neither_overlap_nor_leave_a_gap(one, of, facts, day):
    decisions = decide(book(one), of, facts, midnight(day))
    for person in {d.obligation.person for d in decisions}:
        mine = sorted(
            (d.obligation.starts, d.obligation.due) for d in decisions if d.obligation.person == person
        )
        assert all(midnight(b[0]) == a[1] for a, b in itertools.pairwise(mine))


@given(RULES, companies(), records(), DAYS)
@settings(max_examples=100, deadline=None)
def test_another_record_never_makes_it_worse(one, of, facts, day):
    rulebook, now = book(one), midnight(day)
    good = (State.MET, State.LATE)
    for fewer in range(len(facts)):
        some = dict(decide(rulebook, of, facts[:fewer], now))
        more = dict(decide(rulebook, of, facts[: fewer + 1], now))
        assert all(more[o].state in good for o, v in some.items() if v.state in good)


@given(RULES, companies(), records(), DAYS, DAYS)
@settings(max_examples=100, deadline=None)
def test_narrowing_to_a_day_gives_the_same_verdicts(one, of, facts, day, touched):
    rulebook, now = book(one), midnight(day)
    whole = dict(decide(rulebook, of, facts, now))
    touching = Span(touched, touched + timedelta(days=1))
    for obligation, verdict in decide(rulebook, of, facts, now, touching=touching):
        assert whole[obligation] == verdict


@given(RULES, companies(), records(), DAYS)
@settings(max_examples=100, deadline=None)
def test_the_quota_never_exceeds_the_number_printed_and_done_is_what_is_named(one, of, facts, day):
    for _, verdict in decide(book(one), of, facts, midnight(day)):
        assert 0 <= verdict.needed <= one.terms[0].times
        assert verdict.done == len(verdict.facts)
        assert verdict.cites
