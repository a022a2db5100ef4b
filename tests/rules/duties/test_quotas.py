"""Quotas for a post, for each holder and for each subject, over partial periods and late proofs."""

import pytest

from anze.rules.catalogue.model import Layer
from anze.rules.duties import decide
from anze.rules.posts import Commitment, Cover, Span, Waiver
from tests.rules.build import (
    BOSS,
    DEPUTY,
    DRIVER,
    NEXT,
    OTHER_DRIVER,
    at,
    book,
    company,
    day,
    decided,
    fact,
    holding,
    overlay,
    part,
    requirement,
    standing_of,
    term,
)  # fmt: skip

QUARTERLY = book(requirement("quota", term(every="quarter")))


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        ([fact("2026-02-10T09:00")], "2026-02-11T00:00", ("met", "done")),
        ([], "2026-03-31T23:59", ("open", "waiting")),
        ([], "2026-04-01T00:00", ("missed", "nothing")),
        ([fact("2026-03-31T23:59")], "2026-04-02T00:00", ("met", "done")),
        ([fact("2026-04-01T00:00")], "2026-04-02T00:00", ("missed", "nothing")),
        ([fact("2026-03-20T09:00", received="2026-05-20T09:00")], "2026-06-01T00:00", ("late", "recorded_late")),  # noqa: E501 -- a table
        ([fact("2026-05-20T09:00", makes_up=day("2026-01-01"))], "2026-06-01T00:00", ("late", "done_late")),
        ([fact("2026-02-10T09:00", part(DEPUTY))], "2026-04-02T00:00", ("missed", "nothing")),
        ([fact("2026-02-10T09:00", part(role="participant"))], "2026-04-02T00:00", ("missed", "nothing")),
        ([fact("2026-02-10T09:00", part(attendance="absent"))], "2026-04-02T00:00", ("missed", "nothing")),
        ([fact("2026-02-10T09:00", kind="drill")], "2026-04-02T00:00", ("missed", "nothing")),
    ],
)  # fmt: skip
def test_a_quarterly_meeting(facts, now, expected):
    assert standing_of(QUARTERLY, facts, now=now, starts="2026-01-01") == expected


def test_the_period_ahead_is_upcoming_and_expires_when_it_begins():
    verdicts = decided(QUARTERLY, now="2026-02-01T00:00")
    ahead = verdicts[day("2026-04-01"), None]
    assert (ahead.state, ahead.until) == ("upcoming", at("2026-04-01T00:00"))
    assert max(starts for starts, _ in verdicts) == day("2026-04-01")


def test_a_make_up_does_not_count_for_its_own_period():
    facts = [fact("2026-05-20T09:00", makes_up=day("2026-01-01"))]
    assert standing_of(QUARTERLY, facts, now="2026-07-02T00:00", starts="2026-04-01") == ("missed", "nothing")


def test_half_a_quota_says_how_much():
    rulebook = book(requirement("quota", term(every="year", times=4)))
    facts = [fact(f"2026-0{n}-01T09:00", key=n) for n in (2, 5)]
    open_one = decided(rulebook, facts, now="2026-06-01T00:00")[day("2026-01-01"), None]
    assert (open_one.state, open_one.reason, open_one.done, open_one.needed) == ("open", "partly", 2, 4)
    missed = decided(rulebook, facts, now="2027-01-01T00:00")[day("2026-01-01"), None]
    assert (missed.state, missed.reason, missed.facts) == ("missed", "short", (2, 5))


def test_sessions_below_two_hours_do_not_count():
    rulebook = book(requirement("quota", term(every="month"), role="organiser", hours=2))
    organiser = part(role="organiser")
    short = [fact("2026-02-10T09:00", organiser, hours="1.5")]
    long = [fact("2026-02-10T09:00", organiser, hours=2)]
    assert standing_of(rulebook, short, now="2026-02-11T00:00", starts="2026-02-01")[0] == "open"
    assert standing_of(rulebook, long, now="2026-02-11T00:00", starts="2026-02-01")[0] == "met"


@pytest.mark.parametrize(
    ("judged_from", "state"), [("2026-02-14", "open"), ("2026-02-16", "exempt"), ("2026-01-01", "open")]
)
def test_the_first_partial_period_is_asked_only_from_half_on(judged_from, state):
    of = company(judged_from=judged_from)
    starts = max(judged_from, "2026-01-01")
    assert standing_of(QUARTERLY, now="2026-03-01T00:00", starts=starts, of=of)[0] == state


def test_periods_before_the_start_date_are_not_judged():
    verdicts = decided(QUARTERLY, now="2026-08-01T00:00", of=company(judged_from="2026-04-01"))
    assert min(starts for starts, _ in verdicts) == day("2026-04-01")


def test_a_post_without_holder_ever_owes_nothing_and_a_vacancy_rests_nothing():
    nobody = company(holdings_other := holding(since="2025-01-01", until="2026-02-01"))
    assert standing_of(QUARTERLY, now="2026-08-01T00:00", starts="2026-04-01", of=nobody)[0] == "missed"
    assert holdings_other.span.until == day("2026-02-01")
    from dataclasses import replace

    assert decided(QUARTERLY, now="2026-08-01T00:00", of=replace(nobody, holdings=())) == {}


def test_a_successor_inherits_the_meeting_of_the_predecessor():
    of = company(holding(until="2026-02-15"), holding(NEXT, since="2026-02-15", key=2))
    assert standing_of(
        QUARTERLY, [fact("2026-02-10T09:00")], now="2026-04-02T00:00", starts="2026-01-01", of=of
    ) == (
        "met",
        "done",
    )


def test_training_in_person_is_owed_by_each_holder_for_the_share_of_the_year():
    rulebook = book(
        requirement("quota", term(every="year"), owed_by="holder", role="participant", deputy=False)
    )
    of = company(holding(until="2026-09-01"), holding(NEXT, since="2026-09-01", key=2))
    facts = [fact("2026-10-10T09:00", part(NEXT, "participant"))]
    verdicts = decided(rulebook, facts, now="2027-01-10T00:00", of=of)
    assert verdicts[day("2026-01-01"), BOSS].state == "missed"
    assert verdicts[day("2026-01-01"), BOSS].since == at("2026-09-01T00:00")
    assert verdicts[day("2026-09-01"), NEXT].state == "exempt"
    assert (day("2025-09-01"), NEXT) not in verdicts


def test_a_holding_that_ended_before_judging_began_owes_nothing():
    rulebook = book(requirement("quota", term(every="year"), owed_by="holder"))
    of = company(holding(since="2024-01-01", until="2024-12-31"), judged_from="2025-01-01")
    assert decided(rulebook, now="2026-01-10T00:00", of=of) == {}


def test_a_deputy_acts_inside_the_cover_only_and_only_where_allowed():
    of = company(covers=[Cover(1, DEPUTY, Span(day("2026-02-01"), day("2026-02-15")))])
    inside, outside = fact("2026-02-10T09:00", part(DEPUTY)), fact("2026-02-20T09:00", part(DEPUTY))
    now = "2026-03-01T00:00"
    assert standing_of(QUARTERLY, [inside], now=now, starts="2026-01-01", of=of)[0] == "met"
    assert standing_of(QUARTERLY, [outside], now=now, starts="2026-01-01", of=of)[0] == "open"
    in_person = book(requirement("quota", term(every="quarter"), deputy=False))
    assert standing_of(in_person, [inside], now=now, starts="2026-01-01", of=of)[0] == "open"
    each = book(requirement("quota", term(every="quarter"), owed_by="holder"))
    assert standing_of(each, [inside], now=now, starts="2026-01-01", who=BOSS, of=of)[0] == "met"


def test_a_record_of_any_role_counts_for_every_holder_where_no_role_is_asked():
    rulebook = book(requirement("quota", term(every="month"), owed_by="holder", role=None, hours=1))
    of = company(holding(), holding(NEXT, key=2))
    verdicts = decided(rulebook, [fact("2026-02-10T09:00", hours=1)], now="2026-02-11T00:00", of=of)
    assert {verdicts[day("2026-02-01"), who].state for who in (BOSS, NEXT)} == {"met"}
    short = decided(rulebook, [fact("2026-02-10T09:00")], now="2026-02-11T00:00", of=of)
    assert short[day("2026-02-01"), BOSS].state == "open"


DRIVERS = {"driver": {DRIVER: Span(day("2025-01-01")), OTHER_DRIVER: Span(day("2026-02-20"))}}
STUDY = book(requirement("per_subject", term(every="month"), role="organiser", hours=2, subject="driver"))


def test_each_driver_is_covered_by_the_session_he_sat_through():
    of = company(subjects=DRIVERS)
    organiser, whole, half = (
        part(role="organiser"),
        part(DRIVER, "subject"),
        part(OTHER_DRIVER, "subject", hours=1),
    )
    facts = [fact("2026-03-10T09:00", organiser, whole, half, hours=2)]
    verdicts = decided(STUDY, facts, now="2026-04-02T00:00", of=of)
    assert verdicts[day("2026-03-01"), DRIVER].state == "met"
    assert verdicts[day("2026-03-01"), OTHER_DRIVER].state == "missed"
    assert verdicts[day("2026-02-20"), OTHER_DRIVER].state == "exempt"
    assert verdicts[day("2026-02-01"), DRIVER].state == "missed"


def test_untouched_subjects_share_one_verdict():
    of = company(subjects={"driver": {n: Span(day("2024-01-01")) for n in range(20, 30)}})
    verdicts = decided(STUDY, now="2026-04-02T00:00", of=of)
    assert len({id(verdicts[day("2026-03-01"), n]) for n in range(20, 30)}) == 1


def test_vehicles_are_covered_by_being_listed():
    rulebook = book(requirement("per_subject", term(every="month"), role=None, subject="vehicle"))
    of = company(subjects={"vehicle": {7: Span(day("2025-01-01")), 8: Span(day("2025-01-01"))}})
    facts = [fact("2026-02-10T09:00", subjects=frozenset({("vehicle", 7), ("department", 8)}))]
    verdicts = decided(rulebook, facts, now="2026-02-11T00:00", of=of)
    assert [verdicts[day("2026-02-01"), n].state.value for n in (7, 8)] == ["met", "open"]


def test_a_waiver_holds_for_the_periods_it_covers_the_last_day_of():
    waived = Waiver(1, "coach.principal.d1.a", Span(day("2026-03-01"), day("2026-06-30")))
    of = company(waivers=[waived])
    now = "2026-08-01T00:00"
    assert standing_of(QUARTERLY, now=now, starts="2026-01-01", of=of) == ("waived", "waived")
    assert standing_of(QUARTERLY, now=now, starts="2026-04-01", of=of)[0] == "missed"


def test_a_waiver_for_one_driver_leaves_the_others():
    of = company(
        subjects={"driver": {DRIVER: Span(day("2025-01-01")), OTHER_DRIVER: Span(day("2025-01-01"))}},
        waivers=[Waiver(1, "coach.principal.d1.a", Span(day("2026-01-01")), DRIVER)],
    )
    verdicts = decided(STUDY, now="2026-04-02T00:00", of=of)
    assert verdicts[day("2026-03-01"), DRIVER].state == "waived"
    assert verdicts[day("2026-03-01"), OTHER_DRIVER].state == "missed"


def test_a_stricter_place_speaks_from_its_day_on_and_says_so():
    rulebook = book(
        requirement("quota", term(every="quarter")),
        overlays=[overlay(term("2026-04-01", every="month"))],
    )
    verdicts = decided(rulebook, now="2026-06-10T00:00")
    assert [d for d, _ in sorted(verdicts)][-6:] == [
        day(x) for x in ("2025-10-01", "2026-01-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01")
    ]
    elsewhere = book(
        requirement("quota", term(every="quarter")),
        overlays=[overlay(term("2026-04-01", every="month"), areas=("3301",))],
    )
    assert (day("2026-05-01"), None) not in decided(elsewhere, now="2026-06-10T00:00")


def test_under_a_stricter_place_a_change_of_the_nation_is_silent():
    rulebook = book(
        requirement("quota", term(every="year"), term("2026-05-01", every="quarter")),
        overlays=[overlay(term("2026-01-01", every="month"))],
    )
    verdicts = decided(rulebook, now="2026-06-10T00:00")
    assert {d.month for d, _ in verdicts if d.year == 2026} == set(range(1, 8))


def test_one_record_proves_several_requirements_and_once_each():
    from dataclasses import replace

    one = requirement("quota", term(every="month", times=2))
    either = replace(one, id="coach.principal.d1.b", proofs=(*one.proofs, replace(one.proofs[0], role=None)))
    found = decide(book(one, either), company(), [fact("2026-02-10T09:00")], at("2026-02-11T00:00"))
    february = {
        d.obligation.requirement: d.verdict.done for d in found if d.obligation.starts == day("2026-02-01")
    }
    assert february == {"coach.principal.d1.a": 1, "coach.principal.d1.b": 1}


def test_a_change_of_number_inside_a_period_waits_for_the_next():
    rulebook = book(requirement("quota", term(every="month"), term("2026-03-15", every="month", times=2)))
    verdicts = decided(rulebook, now="2026-04-10T00:00")
    assert [verdicts[day(d), None].needed for d in ("2026-03-01", "2026-04-01")] == [1, 2]


def test_two_changes_inside_one_period_leave_only_the_last():
    terms = [
        term(every="month"),
        term("2026-03-10", every="month", times=2),
        term("2026-03-20", every="month", times=3),
    ]
    verdicts = decided(book(requirement("quota", *terms)), now="2026-04-10T00:00")
    assert [verdicts[day(d), None].needed for d in ("2026-03-01", "2026-04-01")] == [1, 3]


def test_a_change_of_rhythm_cuts_the_year_and_shares_the_quota():
    rulebook = book(requirement("quota", term(every="year", times=4), term("2026-07-01", every="month")))
    facts = [
        fact("2026-03-01T09:00", key=1),
        fact("2026-05-01T09:00", key=2),
        fact("2026-08-01T09:00", key=3),
    ]
    verdicts = decided(rulebook, facts, now="2026-08-10T00:00")
    assert verdicts[day("2026-01-01"), None][7:9] == (2, 2)
    assert verdicts[day("2026-07-01"), None].state == "missed"
    assert verdicts[day("2026-08-01"), None].state == "met"


def test_an_abolished_requirement_asks_nothing_more():
    rulebook = book(requirement("quota", term(every="quarter"), ends=day("2026-04-01")))
    verdicts = decided(rulebook, now="2026-08-01T00:00")
    assert max(starts for starts, _ in verdicts) == day("2026-01-01")
    assert (
        decided(
            book(requirement("quota", term(every="year"), ends=day("2019-01-01"))), now="2026-08-01T00:00"
        )
        == {}
    )


@pytest.mark.parametrize(("now", "count"), [("2028-02-29T12:00", 1), ("2028-03-01T00:00", 0)])
def test_the_leap_day_has_its_own_daily_duty(now, count):
    rulebook = book(requirement("quota", term(every="day")))
    verdicts = decided(rulebook, now=now, of=company(judged_from="2028-02-28"))
    assert sum(v.state == "open" for (d, _), v in verdicts.items() if d == day("2028-02-29")) == count


def test_records_sealed_across_new_year_are_on_time_and_provisional_until_the_calendar_is_published():
    rulebook = book(requirement("quota", term(every="year")))
    facts = [fact("2026-12-30T09:00", received="2027-01-11T09:00")]
    verdict = decided(rulebook, facts, now="2027-01-12T00:00")[day("2026-01-01"), None]
    assert (verdict.state, verdict.provisional) == ("met", True)


def test_without_a_recording_limit_a_record_must_be_sealed_in_its_period():
    rulebook = book(requirement("quota", term(every="month")), recording=None)
    facts = [fact("2026-02-27T09:00", received="2026-03-01T00:00")]
    assert standing_of(rulebook, facts, now="2026-03-02T00:00", starts="2026-02-01") == (
        "late",
        "recorded_late",
    )


def test_choices_and_numbers_are_asked():
    asked = requirement("quota", term(every="month"), where={"scope": frozenset({"comprehensive"})})
    now = "2026-02-11T00:00"
    right, wrong = ({"scope": s} for s in ("comprehensive", "daily"))
    assert (
        standing_of(book(asked), [fact("2026-02-10T09:00", choices=right)], now=now, starts="2026-02-01")[0]
        == "met"
    )
    assert (
        standing_of(book(asked), [fact("2026-02-10T09:00", choices=wrong)], now=now, starts="2026-02-01")[0]
        == "open"
    )


def test_narrowing_decides_the_same_and_less():
    whole = decided(QUARTERLY, now="2026-08-01T00:00")
    narrow = decided(QUARTERLY, now="2026-08-01T00:00", touching=Span(day("2026-02-10"), day("2026-02-11")))
    assert narrow == {(day("2026-01-01"), None): whole[day("2026-01-01"), None]}
    onwards = decided(QUARTERLY, now="2026-08-01T00:00", touching=Span(day("2026-05-01")))
    assert set(onwards) == {k for k in whole if k[0] >= day("2026-04-01")}
    assert decided(QUARTERLY, now="2026-08-01T00:00", only=frozenset()) == {}


def test_a_frequency_the_company_fixed_for_each_vehicle_is_asked_of_each():
    vague = requirement("committed", role=None, subject="vehicle", asks="frequency")
    fixed = Commitment("coach.principal.d1.a", term("2026-01-01", every="quarter", layer=Layer.COMPANY))
    subjects = {"vehicle": {7: Span(day("2025-01-01")), 8: Span(day("2025-01-01"))}}
    facts = [fact("2026-02-10T09:00", subjects=frozenset({("vehicle", 7)}))]
    before = decided(book(vague), facts, now="2026-04-02T00:00", of=company(subjects=subjects))
    assert [v.state for v in before.values()] == ["unset"]
    of = company(subjects=subjects, commitments=[fixed])
    verdicts = decided(book(vague), facts, now="2026-04-02T00:00", of=of)
    assert [verdicts[day("2026-01-01"), n].state.value for n in (7, 8)] == ["met", "missed"]
