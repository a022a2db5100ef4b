"""Which edition rules: what fell due under a text stays with it, what was open follows the new one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anze.rules.catalogue.editions import RECORDING
from anze.rules.catalogue.model import Misreading
from anze.rules.duties import Rulebook, Ruled, Tenure, rule
from anze.rules.duties.amendments import Effect, Sort, amendments, effects
from anze.rules.duties.tenures import errors_about
from anze.rules.posts import Span
from tests.rules.build import at, book, company, day, fact, overlay, requirement, term

OLD, NEW = "a" * 12, "b" * 12
APPLIED = "2026-05-20T12:00"
NOW = "2026-06-10T09:00"
ID = "coach.principal.d1.a"


def edition(asked, name: str, *others, **more) -> Rulebook:
    """A rulebook whose one post has this edition."""
    made = book(asked, *others, **more)
    [position] = made.positions
    named = replace(made.catalogue, positions={position.id: replace(position, edition=name)})
    return Rulebook(named, "coach", "330200")


def ruled(old: Rulebook, new: Rulebook, facts=(), *, now=NOW, applied=APPLIED, **narrowed) -> Ruled:
    tenures = (Tenure(old), Tenure(new, at(applied)))
    return rule(tenures, company(judged_from="2026-01-01"), list(facts), at(now), **narrowed)


def table(found: Ruled) -> dict[str, tuple[str, int, str]]:
    """First day -> state, how many are asked, edition."""
    return {
        d.obligation.starts.isoformat(): (
            d.verdict.state.value,
            d.verdict.needed,
            found.edition_of(d.obligation),
        )
        for d in found.decisions
    }


MONTHLY = requirement("quota", term(every="month"))
TWICE = requirement("quota", term(every="month"), term("2026-03-01", every="month", times=2))
CORRECTED = requirement(
    "quota",
    term(every="month", times=2),
    corrects=(Misreading(OLD, day("2026-02-01"), "一次", "脱字", "某某"),),
)


def test_one_tenure_is_plain_deciding():
    found = rule((Tenure(edition(MONTHLY, OLD)),), company(), [], at(NOW))
    assert not found.earlier
    assert found.moved == frozenset()
    assert {found.edition_of(d.obligation) for d in found.decisions} == {OLD}


def test_closed_periods_keep_the_number_under_which_they_closed():
    found = table(ruled(edition(MONTHLY, OLD), edition(TWICE, NEW)))
    assert found["2026-03-01"] == ("missed", 1, OLD)
    assert found["2026-04-01"] == ("missed", 1, OLD)
    assert found["2026-05-01"] == ("missed", 2, NEW)
    assert found["2026-06-01"] == ("open", 2, NEW)


def test_what_reads_alike_is_decided_once_and_named_by_its_tenure():
    found = ruled(edition(MONTHLY, OLD), edition(MONTHLY, NEW))
    assert found.moved == frozenset()
    assert table(found)["2026-04-01"] == ("missed", 1, OLD)
    assert table(found)["2026-05-01"] == ("missed", 1, NEW)


def test_a_state_that_reads_alike_has_the_name_of_the_newest_text():
    held = requirement("standing", term())
    found = ruled(edition(held, OLD), edition(held, NEW))
    assert {found.edition_of(d.obligation) for d in found.decisions} == {NEW}


def test_an_edition_that_is_on_the_shelf_unchanged_is_not_named():
    found = ruled(edition(MONTHLY, OLD), edition(MONTHLY, OLD))
    assert not found.earlier


def test_a_new_demand_asks_nothing_for_what_was_over():
    extra = replace(MONTHLY, id="coach.principal.d1.b")
    found = ruled(edition(MONTHLY, OLD), edition(MONTHLY, NEW, extra))
    months = {d.obligation.starts for d in found.decisions if d.obligation.requirement == extra.id}
    assert months == {day("2026-05-01"), day("2026-06-01"), day("2026-07-01")}


def test_an_abolished_demand_keeps_what_was_closed():
    gone = replace(MONTHLY, ends=day("2026-05-01"))
    assert set(table(ruled(edition(MONTHLY, OLD), edition(gone, NEW)))) == {
        f"2026-0{month}-01" for month in (1, 2, 3, 4)
    }


def test_a_post_that_the_old_text_did_not_have():
    empty = edition(replace(MONTHLY, id="coach.principal.d1.c"), OLD)
    assert "2026-05-01" in table(ruled(empty, edition(MONTHLY, NEW)))


def test_a_rhythm_that_changes_takes_only_what_was_open():
    yearly = requirement("quota", term(every="year"))
    found = table(ruled(edition(yearly, OLD), edition(MONTHLY, NEW)))
    assert min(found) == "2026-05-01"
    assert found["2026-05-01"] == ("missed", 1, NEW)


def test_a_limit_that_was_shortened_closes_what_was_open():
    def within(limit: str):
        return requirement("on_event", term(within=limit), triggers=("accident",))

    event = fact("2026-05-10T08:00", kind="accident", key=7)
    found = ruled(edition(within("30 day"), OLD), edition(within("3 day"), NEW), [event])
    [decision] = found.decisions
    assert (decision.verdict.state.value, found.edition_of(decision.obligation)) == ("missed", NEW)
    early = fact("2026-03-10T08:00", kind="accident", key=8)
    found = ruled(edition(within("3 day"), OLD), edition(within("90 day"), NEW), [early])
    [decision] = found.decisions
    assert (decision.verdict.state.value, found.edition_of(decision.obligation)) == ("missed", OLD)


def test_a_state_always_follows_the_newest_text():
    held = requirement("standing", term(), role="chair")
    slower = requirement("standing", term(within="24 month"), role="chair")
    found = ruled(edition(held, OLD), edition(slower, NEW))
    [decision] = found.decisions
    assert (decision.verdict.state.value, found.edition_of(decision.obligation)) == ("open", NEW)


def test_a_record_that_comes_later_counts_by_the_old_text():
    made_up = fact("2026-06-01T08:00", key=5, makes_up=day("2026-04-01"))
    assert table(ruled(edition(MONTHLY, OLD), edition(TWICE, NEW), [made_up]))["2026-04-01"] == (
        "late",
        1,
        OLD,
    )


def test_narrowed_it_answers_the_same():
    pair = edition(MONTHLY, OLD), edition(TWICE, NEW)
    whole = table(ruled(*pair))
    for starts in whole:
        span = Span(day(starts), day(starts).replace(day=2))
        assert table(ruled(*pair, only=frozenset({ID}), touching=span)) == {starts: whole[starts]}
    assert table(ruled(*pair, only=frozenset())) == {}


def test_three_tenures():
    thrice = requirement("quota", term(every="month", times=3))
    tenures = (
        Tenure(edition(MONTHLY, OLD)),
        Tenure(edition(TWICE, NEW), at("2026-03-20T00:00")),
        Tenure(edition(thrice, "c" * 12), at(APPLIED)),
    )
    found = table(rule(tenures, company(judged_from="2026-01-01"), [], at(NOW)))
    assert [found[f"2026-0{m}-01"][1:] for m in (2, 3, 4, 5)] == [
        (1, OLD), (2, NEW), (2, NEW), (3, "c" * 12),
    ]  # fmt: skip


def test_a_correction_stands_beside_from_its_day_on():
    found = ruled(edition(MONTHLY, OLD), edition(CORRECTED, NEW), [fact("2026-04-10T08:00")])
    beside = {c.obligation.starts.isoformat(): c for c in found.corrections}
    assert set(beside) == {"2026-02-01", "2026-03-01", "2026-04-01"}
    assert table(found)["2026-04-01"] == ("met", 1, OLD)
    april = beside["2026-04-01"]
    assert (april.edition, april.verdict.state.value, april.verdict.needed) == (NEW, "missed", 2)


def test_no_correction_where_the_right_reading_says_the_same():
    same = replace(CORRECTED, terms=MONTHLY.terms)
    assert ruled(edition(MONTHLY, OLD), edition(same, NEW)).corrections == []


def test_a_correction_of_another_edition_says_nothing_here():
    other = replace(CORRECTED, corrects=(replace(CORRECTED.corrects[0], edition="d" * 12),))
    assert ruled(edition(MONTHLY, OLD), edition(other, NEW)).corrections == []


def test_a_period_that_the_right_reading_does_not_have():
    yearly = replace(CORRECTED, terms=(term(every="year"),))
    found = ruled(edition(MONTHLY, OLD), edition(yearly, NEW))
    assert {c.verdict.reason.value for c in found.corrections} == {"not_asked"}
    assert {c.verdict.state.value for c in found.corrections} == {"exempt"}


def test_a_closed_demand_that_no_later_text_has_is_not_corrected():
    other = replace(MONTHLY, id="coach.principal.d1.c")
    found = ruled(edition(MONTHLY, OLD), edition(other, NEW))
    assert table(found)["2026-04-01"] == ("missed", 1, OLD)
    assert found.corrections == []


def test_what_changes_is_told_by_demand():
    added = replace(MONTHLY, id="coach.principal.d1.b")
    vague = replace(MONTHLY, id="coach.principal.d1.c", kind="committed", terms=(), asks="frequency")
    old = edition(MONTHLY, OLD)
    new = edition(replace(TWICE, ends=day("2027-01-01")), NEW, added, vague)
    found = amendments(old, new)
    assert [(a.sort, a.requirement.id[-1], a.since) for a in found] == [
        (Sort.CHANGED, "a", day("2026-03-01")), (Sort.ABOLISHED, "a", day("2027-01-01")),
        (Sort.NEW, "b", day("2020-01-01")), (Sort.NEW, "c", None),
    ]  # fmt: skip
    changed, abolished, *_ = found
    assert changed.old is not None
    assert changed.new is not None
    assert (changed.old[1].times, changed.new[1].times) == (1, 2)
    assert abolished.new is None
    assert amendments(old, old) == []


@pytest.mark.parametrize(
    ("asked", "sorts"),
    [
        (CORRECTED, [Sort.CORRECTED]),
        (
            replace(CORRECTED, terms=(*CORRECTED.terms, term("2027-01-01", every="month", times=3))),
            [Sort.CORRECTED, Sort.CHANGED],
        ),
        (replace(MONTHLY, text="每月开会"), [Sort.REWORDED]),
        (replace(MONTHLY, cite=()), []),
        (requirement("quota", term("2019-01-01", every="month"), term(every="month")), [Sort.CHANGED]),
    ],
)
def test_error_wording_and_what_asks_the_same(asked, sorts):
    assert [a.sort for a in amendments(edition(MONTHLY, OLD), edition(asked, NEW))] == sorts


def test_a_word_changed_where_the_company_commits():
    vague = replace(MONTHLY, kind="committed", terms=(), asks="frequency")
    [found] = amendments(edition(vague, OLD), edition(replace(vague, text="定期开会"), NEW))
    assert (found.sort, found.old, found.new) == (
        Sort.REWORDED, (vague, None), (replace(vague, text="定期开会"), None),
    )  # fmt: skip


PLACE_FILE = "overlays/place.yaml"
IN_ERROR = Misreading("c" * 12, day("2026-02-01"), "每月二次", "错看一行", "某某")


def placed(place, name: str, *, recording="7 workday", limit=(), asked=MONTHLY) -> Rulebook:
    """The same list under an overlay and a limit whose editions have this name."""
    made = edition(asked, OLD, overlays=[place], recording=recording)
    named = replace(
        made.catalogue, editions={PLACE_FILE: name, RECORDING: name}, corrects={RECORDING: tuple(limit)}
    )
    return Rulebook(named, "coach", "330200")


def stricter(times: int, *errors: Misreading):
    return replace(overlay(term(every="month", times=times)), corrects={ID: errors} if errors else {})


def test_a_number_of_the_place_that_was_read_wrongly():
    old, new = placed(stricter(2), "c" * 12), placed(stricter(1, IN_ERROR), "d" * 12)
    found = ruled(old, new, [fact("2026-03-10T08:00")])
    assert table(found)["2026-03-01"] == ("missed", 2, OLD)
    beside = {c.obligation.starts.isoformat(): c for c in found.corrections}
    assert set(beside) == {"2026-02-01", "2026-03-01", "2026-04-01"}
    march = beside["2026-03-01"]
    assert (march.edition, march.verdict.state.value, march.verdict.needed) == ("d" * 12, "met", 1)
    [told] = amendments(old, new)
    assert (told.sort, told.file, told.misreading) == (Sort.CORRECTED, PLACE_FILE, IN_ERROR)
    assert told.old is not None
    assert told.new is not None
    assert (told.old[1].times, told.new[1].times) == (2, 1)


def test_a_demand_of_the_place_that_was_overlooked():
    old = placed(replace(stricter(2), terms={}), "c" * 12)
    found = ruled(old, placed(stricter(2, IN_ERROR), "d" * 12))
    assert {c.verdict.needed for c in found.corrections} == {2}
    assert [a.sort for a in amendments(old, placed(stricter(2, IN_ERROR), "d" * 12))] == [Sort.CORRECTED]


def test_a_place_that_changes_leaves_closed_verdicts_without_a_correction():
    found = ruled(placed(stricter(2), "c" * 12), placed(stricter(3), "d" * 12))
    assert table(found)["2026-04-01"] == ("missed", 2, OLD)
    assert found.corrections == []


def test_a_limit_that_was_read_wrongly():
    late = fact("2026-03-20T08:00", received="2026-04-08T08:00")
    old = placed(stricter(1), "c" * 12, recording="1 day")
    new = placed(stricter(1), "d" * 12, recording="10 day", limit=[IN_ERROR])
    found = ruled(old, new, [late])
    assert table(found)["2026-03-01"] == ("late", 1, OLD)
    assert [(c.obligation.starts, c.edition, c.verdict.state.value) for c in found.corrections] == [
        (day("2026-03-01"), "d" * 12, "met")
    ]
    [told] = amendments(old, new)
    assert (told.sort, told.requirement, told.file) == (Sort.CORRECTED, None, RECORDING)
    assert told.old is not None
    assert told.new is not None
    assert (told.old[1].within.amount, told.new[1].within.amount) == (1, 10)


def test_a_limit_that_changes_is_told_once():
    old, new = placed(stricter(1), "c" * 12), placed(stricter(1), "d" * 12, recording="9 workday")
    [told] = amendments(old, new)
    assert (told.sort, told.requirement, told.misreading) == (Sort.CHANGED, None, None)
    gone = placed(stricter(1), "d" * 12, recording=None, limit=[IN_ERROR])
    [told] = amendments(old, gone)
    assert (told.sort, told.new, told.cite) == (Sort.CORRECTED, (None, None), ())


def test_several_errors_at_once_are_all_named():
    listed = replace(CORRECTED, corrects=(replace(IN_ERROR, edition=OLD),))
    old = placed(stricter(1), "c" * 12, asked=MONTHLY)
    new = edition(listed, NEW, overlays=[stricter(3, IN_ERROR)])
    assert [f for f, _ in errors_about(new, old, ID, day("2026-03-01"))] == [
        "duties/coach/principal.yaml", PLACE_FILE,
    ]  # fmt: skip
    assert errors_about(new, old, ID, day("2026-01-01")) == []
    [first, second] = amendments(old, new)
    assert (first.file, second.file) == ("duties/coach/principal.yaml", PLACE_FILE)


def test_which_demands_a_place_speaks_of():
    assert placed(stricter(1), "c" * 12).place_speaks(ID)
    assert placed(replace(stricter(1, IN_ERROR), terms={}), "c" * 12).place_speaks(ID)
    assert not edition(MONTHLY, OLD).place_speaks(ID)


def test_a_place_that_asks_more_reads_otherwise():
    plain, strict = (
        edition(MONTHLY, OLD),
        edition(MONTHLY, OLD, overlays=[overlay(term(every="month", times=4))]),
    )
    assert not plain.reads_like(strict, ID)
    assert plain.reads_like(strict, "coach.principal.d9.z")
    assert not plain.reads_like(edition(MONTHLY, OLD, recording="9 workday"), ID)


def test_what_becomes_of_obligations_is_counted():
    extra = replace(MONTHLY, id="coach.principal.d1.b", ends=day("2026-05-01"))
    had = replace(MONTHLY, id="coach.principal.d1.b")
    before = rule((Tenure(edition(MONTHLY, OLD, had)),), company(judged_from="2026-01-01"), [], at(APPLIED))
    after = ruled(edition(MONTHLY, OLD, had), edition(CORRECTED, NEW, extra), now=APPLIED)
    assert effects(before, after) == {ID: Effect(0, 0, 2, 3), extra.id: Effect(0, 2, 0, 0)}
    assert effects(after, before)[extra.id] == Effect(2, 0, 0, 0)
    assert effects(before, before) == {}
