"""States that must hold: certificates, appointments, institutions."""

import pytest

from anze.rules.catalogue.model import Role
from anze.rules.evidence import Part
from anze.rules.posts import Span, Waiver
from tests.rules.build import (
    BOSS,
    at,
    book,
    company,
    day,
    decided,
    fact,
    holding,
    requirement,
    term,
)  # fmt: skip

CERTIFIED = requirement("standing", term(within="6 month"), owed_by="holder", role="subject", deputy=False)


def certificate(since, until=None, key=1):
    return fact(f"{since}T09:00", Part(BOSS, Role.SUBJECT), key=key, valid_until=until and day(until))


@pytest.mark.parametrize(
    ("facts", "now", "expected", "until"),
    [
        ([], "2025-03-01T00:00", ("open", "building_up"), "2025-07-02T00:00"),
        ([], "2025-07-02T00:00", ("missed", "nothing"), None),
        ([certificate("2025-05-01", "2028-05-01")], "2025-06-01T00:00", ("met", "held"), "2028-05-01T00:00"),
        ([certificate("2025-05-01")], "2025-06-01T00:00", ("met", "held"), None),
        ([certificate("2022-05-01", "2025-05-01")], "2026-06-01T00:00", ("missed", "lapsed"), None),
        ([certificate("2025-05-02")], "2025-05-01T00:00", ("open", "building_up"), "2025-07-02T00:00"),
    ],
)  # fmt: skip
def test_a_certificate_of_the_holder(facts, now, expected, until):
    verdict = decided(book(CERTIFIED), facts, now=now)[day("2025-01-01"), BOSS]
    assert (verdict.state, verdict.reason) == expected
    assert verdict.until == (until and at(until))


def test_renewed_without_a_gap_it_holds_since_the_first():
    facts = [certificate("2022-05-01", "2025-05-01"), certificate("2025-04-01", "2028-05-01", key=2)]
    verdict = decided(book(CERTIFIED), facts, now="2026-06-01T00:00")[day("2025-01-01"), BOSS]
    assert (verdict.since, verdict.facts) == (at("2025-01-01T00:00"), (2,))


def test_after_a_gap_it_holds_since_the_renewal():
    facts = [certificate("2022-05-01", "2025-05-01"), certificate("2025-06-01", "2028-05-01", key=2)]
    facts.append(certificate("2027-06-01", None, key=3))
    verdict = decided(book(CERTIFIED), facts, now="2026-06-01T00:00")[day("2025-01-01"), BOSS]
    assert verdict.since == at("2025-06-01T00:00")


def test_several_are_needed_and_the_first_to_expire_ends_it():
    rulebook = book(requirement("standing", term(times=2), role=None))
    facts = [certificate("2025-02-01", "2026-09-01"), certificate("2025-03-01", "2026-12-01", key=2)]
    verdict = decided(rulebook, facts, now="2026-06-01T00:00")[day("2025-01-01"), None]
    assert (verdict.since, verdict.until) == (at("2025-03-01T00:00"), at("2026-09-01T00:00"))
    verdict = decided(rulebook, facts[1:], now="2026-06-01T00:00")[day("2025-01-01"), None]
    assert (verdict.reason, verdict.done, verdict.needed) == ("short", 1, 2)


def test_a_future_holder_owes_from_the_first_day():
    of = company(holding(since="2026-09-01"))
    verdict = decided(book(CERTIFIED), now="2026-06-01T00:00", of=of)[day("2026-09-01"), BOSS]
    assert (verdict.state, verdict.until) == ("upcoming", at("2026-09-01T00:00"))


def test_a_former_holder_is_judged_as_of_the_last_day():
    of = company(holding(until="2025-12-01"))
    facts = [certificate("2025-05-01", "2026-05-01")]
    assert (
        decided(book(CERTIFIED), facts, now="2026-06-01T00:00", of=of)[day("2025-01-01"), BOSS].state == "met"
    )


def test_a_waived_state_is_asked_again_when_the_waiver_ends():
    of = company(waivers=[Waiver(1, "coach.principal.d1.a", Span(day("2026-01-01"), day("2026-09-01")))])
    verdict = decided(book(CERTIFIED), now="2026-06-01T00:00", of=of)[day("2025-01-01"), BOSS]
    assert (verdict.state, verdict.until) == ("waived", at("2026-09-01T00:00"))
    endless = company(waivers=[Waiver(1, "coach.principal.d1.a", Span(day("2026-01-01")))])
    assert decided(book(CERTIFIED), now="2026-06-01T00:00", of=endless)[day("2025-01-01"), BOSS].until is None


def test_a_state_is_judged_anew_when_a_waiver_begins():
    later = Waiver(1, "coach.principal.d1.a", Span(day("2026-09-01"), day("2026-10-01")))
    of = company(waivers=[later, Waiver(2, "coach.principal.d1.a", Span(day("2026-08-01")), BOSS + 1)])
    verdict = decided(book(CERTIFIED), now="2026-06-01T00:00", of=of)[day("2025-01-01"), BOSS]
    assert (verdict.state, verdict.until) == ("missed", at("2026-09-01T00:00"))
    held = [certificate("2025-05-01", "2026-08-01")]
    verdict = decided(book(CERTIFIED), held, now="2026-06-01T00:00", of=of)[day("2025-01-01"), BOSS]
    assert (verdict.state, verdict.until) == ("met", at("2026-08-01T00:00"))


def test_before_its_terms_a_state_lies_ahead_and_after_them_it_is_not_asked():
    ahead = decided(book(requirement("standing", term("2030-01-01"))), now="2026-06-01T00:00")
    assert [(v.state, v.until) for v in ahead.values()] == [("upcoming", at("2030-01-01T00:00"))]
    ended = requirement("standing", term(), ends=day("2026-01-01"))
    assert decided(book(ended), now="2026-06-01T00:00") == {}


def test_a_state_that_is_abolished_is_held_until_that_day_and_owed_no_more():
    rulebook = book(requirement("standing", term(), ends=day("2026-07-01")))
    held = [fact("2025-02-01T09:00")]
    [verdict] = decided(rulebook, held, now="2026-06-10T09:00").values()
    assert (verdict.state.value, verdict.until) == ("met", at("2026-07-01T00:00"))
    assert decided(rulebook, held, now="2026-07-01T00:00") == {}
