"""Within a time of an event, before what it declares, and by invitation."""

import pytest

from anze.rules.posts import Commitment, Cover, Span, Waiver
from tests.rules.build import (
    BOSS,
    DEPUTY,
    NEXT,
    at,
    book,
    company,
    day,
    decided,
    fact,
    holding,
    part,
    requirement,
    term,
)  # fmt: skip

ACCIDENT = fact("2026-03-05T09:30", key=1, kind="accident")
REPORT = book(requirement("on_event", term(within="1 hour"), role="signer", triggers=("accident",)))


def report(when, key=2, **more):
    return fact(when, part(role="signer"), key=key, **more)


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        ([], "2026-03-05T10:00", ("open", "waiting")),
        ([], "2026-03-05T10:30", ("missed", "nothing")),
        ([report("2026-03-05T10:00", about=1)], "2026-03-06T00:00", ("met", "done")),
        ([report("2026-03-05T10:00")], "2026-03-06T00:00", ("met", "done")),
        ([report("2026-03-05T11:00", about=1)], "2026-03-06T00:00", ("late", "done_late")),
        ([report("2026-03-05T11:00")], "2026-03-06T00:00", ("missed", "nothing")),
        ([report("2026-03-05T10:00", about=9)], "2026-03-06T00:00", ("missed", "nothing")),
        ([report("2026-03-05T10:00", received="2026-04-20T10:00")], "2026-05-01T00:00", ("late", "recorded_late")),  # noqa: E501 -- a table
    ],
)  # fmt: skip
def test_an_accident_is_reported_within_the_hour(facts, now, expected):
    verdict = decided(REPORT, [ACCIDENT, *facts], now=now)[day("2026-03-05"), None]
    assert (verdict.state, verdict.reason) == expected


def test_an_open_call_expires_at_its_deadline():
    verdict = decided(REPORT, [ACCIDENT], now="2026-03-05T10:00")[day("2026-03-05"), None]
    assert verdict.until == at("2026-03-05T10:30")


def test_nothing_happened_nothing_owed():
    assert decided(REPORT, [report("2026-03-05T10:00")], now="2026-03-06T00:00") == {}


def test_some_of_several_answers():
    rulebook = book(
        requirement("on_event", term(within="3 day", times=2), role="signer", triggers=("accident",))
    )
    facts = [ACCIDENT, report("2026-03-06T10:00", about=1)]
    for now, reason in (("2026-03-07T00:00", "partly"), ("2026-03-10T00:00", "short")):
        assert decided(rulebook, facts, now=now)[day("2026-03-05"), None].reason == reason


@pytest.mark.parametrize(
    ("judged_from", "until", "owed"),
    [("2026-03-06", None, False), ("2026-01-01", None, True), ("2026-01-01", "2026-03-01", False)],
)
def test_events_outside_the_owed_days_are_not_asked(judged_from, until, owed):
    rulebook = book(
        requirement(
            "on_event", term(within="1 hour"), role="signer", owed_by="holder", triggers=("accident",)
        )
    )
    of = company(holding(until=until), judged_from=judged_from)
    assert bool(decided(rulebook, [ACCIDENT], now="2026-03-06T00:00", of=of)) is owed


def test_events_outside_every_term_are_not_asked():
    ended = requirement("on_event", term(within="1 hour"), triggers=("accident",), ends=day("2026-01-01"))
    begun = requirement("on_event", term("2026-06-01", within="1 hour"), triggers=("accident",))
    for one in (ended, begun):
        assert decided(book(one), [ACCIDENT], now="2026-03-06T00:00") == {}


def test_an_event_waived():
    of = company(waivers=[Waiver(1, "coach.principal.d1.a", Span(day("2026-03-01"), day("2026-04-01")))])
    assert (
        decided(REPORT, [ACCIDENT], now="2026-03-06T00:00", of=of)[day("2026-03-05"), None].state == "waived"
    )


BEFORE = book(requirement("on_event", term(before="1 day"), role="organiser", triggers=("key-period",)))


@pytest.mark.parametrize(
    ("declared", "starts", "due"),
    [
        ("2026-01-10T09:00", "2026-02-02", "2026-02-01T00:00"),
        ("2026-02-01T09:00", "2026-02-02", "2026-02-02T00:00"),
        ("2026-02-01T09:00", None, "2026-02-02T00:00"),
    ],
)
def test_education_comes_before_the_key_period_but_never_before_it_was_known(declared, starts, due):
    event = fact(declared, key=1, kind="key-period", starts=starts and day(starts))
    verdict = decided(BEFORE, [event], now="2026-02-01T10:00")[day(declared[:10]), None]
    assert (verdict.until or verdict.since) == at(due)


INVITED = book(
    requirement("invitation", term(), owed_by="holder", role="participant", triggers=("meeting",), proofs=())
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part(BOSS, "participant")], ("met", "attended")),
        ([part(BOSS, "participant", "excused")], ("waived", "excused")),
        ([part(BOSS, "participant", "absent")], ("missed", "absent")),
        ([part(BOSS, "participant", "absent"), part(DEPUTY, "participant")], ("met", "deputy_attended")),
    ],
)
def test_an_invitation_is_attended_excused_or_missed(parts, expected):
    of = company(covers=[Cover(1, DEPUTY, Span(day("2026-01-01")))])
    verdict = decided(INVITED, [fact("2026-03-05T09:30", *parts)], now="2026-03-06T00:00", of=of)
    assert [(v.state, v.reason) for v in verdict.values()] == [expected]


def test_who_was_not_invited_or_held_no_post_owes_nothing():
    of = company(holding(), holding(NEXT, since="2026-06-01", key=2))
    facts = [fact("2026-03-05T09:30", part(NEXT, "participant"))]
    assert decided(INVITED, facts, now="2026-03-06T00:00", of=of) == {}
    later = book(
        requirement("invitation", term("2026-06-01"), owed_by="holder", triggers=("meeting",), proofs=())
    )
    assert decided(later, [fact("2026-03-05T09:30")], now="2026-03-06T00:00") == {}


def test_a_notice_before_the_commitment_took_effect_is_not_asked():
    vague = requirement("committed", role="signer", asks="limit", triggers=("notice",))
    fixed = Commitment("coach.principal.d1.a", term("2026-02-01", within="3 workday"))
    facts = [fact("2026-01-05T09:30", key=1, kind="notice"), fact("2026-03-05T09:30", key=2, kind="drill")]
    assert decided(book(vague), facts, now="2026-03-06T00:00", of=company(commitments=[fixed])) == {}


VAGUE = requirement("committed", role="inspector", asks="frequency", floor=term(every="year"))


def test_what_is_not_fixed_is_asked_again_when_its_waiver_ends():
    waived = Waiver(1, "coach.principal.d1.a", Span(day("2026-03-01"), day("2026-04-01")))
    of = company(waivers=[waived])
    for now, state, until in (
        ("2026-02-01T00:00", "unset", "2026-03-01T00:00"),
        ("2026-03-06T00:00", "waived", "2026-04-01T00:00"),
        ("2026-04-01T00:00", "unset", None),
    ):
        (verdict,) = decided(book(VAGUE), now=now, of=of).values()
        assert (verdict.state, verdict.until) == (state, until and at(until))


def test_a_vague_frequency_waits_for_the_company_and_then_is_a_quota():
    verdicts = decided(book(VAGUE), now="2026-03-06T00:00")
    assert [(v.state, v.reason, v.until) for v in verdicts.values()] == [("unset", "not_fixed", None)]
    from anze.rules.catalogue.model import Layer

    fixed = Commitment("coach.principal.d1.a", term("2026-02-01", every="month", layer=Layer.COMPANY))
    verdicts = decided(book(VAGUE), now="2026-03-06T00:00", of=company(commitments=[fixed]))
    assert verdicts[day("2026-02-01"), None][:1] == ("missed",)
    assert {v.layer for v in verdicts.values()} == {"company"}
    bare = requirement("committed", asks="frequency")
    assert decided(book(bare), now="2026-03-06T00:00")[day("2025-01-01"), None].layer == "national"


def test_a_vague_time_limit_runs_from_the_event_once_fixed():
    vague = requirement("committed", role="signer", asks="limit", triggers=("notice",))
    fixed = Commitment("coach.principal.d1.a", term("2026-02-01", within="3 workday"))
    notice = fact("2026-03-05T09:30", key=1, kind="notice")
    verdicts = decided(book(vague), [notice], now="2026-03-06T00:00", of=company(commitments=[fixed]))
    assert [(v.state, v.until) for v in verdicts.values()] == [("open", at("2026-03-11T00:00"))]


def test_an_attested_line_takes_only_its_own_declaration():
    rulebook = book(requirement("attested", term(every="year"), role="signer", reason="无法判定"))
    own = report("2026-03-05T10:00", attests="coach.principal.d1.a")
    other = report("2026-03-05T10:00", attests="coach.principal.d2.a")
    assert decided(rulebook, [own], now="2026-03-06T00:00")[day("2026-01-01"), None].state == "met"
    assert decided(rulebook, [other], now="2026-03-06T00:00")[day("2026-01-01"), None].state == "open"


def test_a_vague_duty_that_is_abolished_waits_no_longer():
    vague = requirement("committed", asks="frequency", ends=day("2026-07-01"))
    [verdict] = decided(book(vague), now="2026-06-10T09:00").values()
    assert (verdict.state.value, verdict.until) == ("unset", at("2026-07-01T00:00"))
    assert decided(book(vague), now="2026-07-01T00:00") == {}
