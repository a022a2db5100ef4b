"""Text, province, city and company over one another: the strictest speaks, the verdict names it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anze.rules.catalogue.model import Layer, Overlay
from anze.rules.duties.terms import ranked, speaking
from anze.rules.posts import Commitment
from tests.rules.build import book, company, day, decided, requirement, term

ID = "coach.principal.d1.a"
YEARLY = requirement("quota", term(every="year"))


def overlay(key: str, area: str, *terms, trades=("coach",)) -> Overlay:
    local = tuple(replace(t, layer=Layer.PLACE, overlay=key) for t in terms)
    return Overlay(key, key, (area,), trades, {ID: local})


PROVINCE = overlay("province", "33", term("2021-01-01", every="quarter"))
CITY = overlay("city", "3302", term("2022-01-01", every="month"))


def own(since: str, until: str | None = None, **numbers) -> Commitment:
    given = term(since, layer=Layer.COMPANY, **numbers)
    return Commitment(ID, replace(given, overlay="commitment", ends=until and day(until)))


def speaks(overlays, *, on: str, area="330200", commitments=(), asked=YEARLY):
    rules = book(asked, overlays=overlays, area=area)
    terms = [c.term for c in commitments]
    (window,) = [
        w
        for w in rules.windows(rules.requirements[ID], terms)
        if w.since <= day(on) and (w.until is None or day(on) < w.until)
    ]
    return window.term.layer.value, window.term.overlay


@pytest.mark.parametrize(
    ("area", "on", "expected"),
    [
        ("110100", "2025-01-01", ("national", None)),
        ("330100", "2025-01-01", ("place", "province")),
        ("330212", "2025-01-01", ("place", "city")),
        ("330212", "2021-06-01", ("place", "province")),  # before the city spoke
    ],
)
def test_province_and_city_lie_over_one_another(area: str, on: str, expected: tuple[str, str | None]) -> None:
    assert speaks([CITY, PROVINCE], on=on, area=area) == expected


def test_the_stricter_speaks_whichever_is_nearer_or_newer() -> None:
    strict = overlay("province", "33", term("2021-01-01", every="month", times=2))
    assert speaks([strict, CITY], on="2025-01-01") == ("place", "province")


def test_equally_strict_the_nearer_speaks() -> None:
    same = overlay("province", "33", term("2023-01-01", every="month"))
    assert speaks([CITY, same], on="2025-01-01") == ("place", "city")


def test_an_overlay_holds_for_its_trades() -> None:
    other = overlay("city", "3302", term("2022-01-01", every="month"), trades=("taxi", "freight"))
    assert speaks([other], on="2025-01-01") == ("national", None)
    both = overlay("city", "3302", term("2022-01-01", every="month"), trades=("taxi", "coach"))
    assert speaks([both], on="2025-01-01") == ("place", "city")


def test_the_company_speaks_while_it_is_stricter() -> None:
    twice = own("2025-03-01", "2025-09-01", every="month", times=2)
    around = {"2025-02-28": "place", "2025-03-01": "company", "2025-08-31": "company", "2025-09-01": "place"}
    for on, layer in around.items():
        assert speaks([PROVINCE, CITY], on=on, commitments=[twice])[0] == layer


def test_a_law_that_becomes_stricter_than_the_company_speaks_again() -> None:
    asked = requirement("quota", term(every="year"), term("2025-07-01", every="month", times=3))
    mine = own("2025-01-01", every="month", times=2)
    assert speaks([], on="2025-06-30", commitments=[mine], asked=asked) == ("company", "commitment")
    assert speaks([], on="2025-07-01", commitments=[mine], asked=asked) == ("national", None)


def test_terms_that_cannot_be_compared_leave_the_word_to_the_wider() -> None:
    four = overlay("city", "3302", term("2022-01-01", every="year", times=12))
    assert speaks([PROVINCE, four], on="2025-01-01") == ("place", "province")


def test_the_weaker_stand_beneath() -> None:
    rules = book(YEARLY, overlays=[CITY, PROVINCE])
    asked = rules.asked_of(rules.requirements[ID], day("2025-01-01"))
    assert [t.overlay for t in asked] == ["city", "province", None]
    assert [t.overlay for t in rules.asked_of(rules.requirements[ID], day("2020-06-01"))] == [None]
    assert ranked(asked, day("2019-01-01")) == ()


def test_a_gap_between_two_numbers_of_the_company() -> None:
    first, second = own("2025-01-01", "2025-02-01", every="month"), own("2025-05-01", every="month")
    assert [t.since for t in speaking([first.term, second.term])] == [day("2025-01-01"), day("2025-05-01")]


def test_the_verdict_names_its_layer() -> None:
    mine = own("2025-01-01", every="month")
    rules = book(requirement("quota", term(every="year")), overlays=[PROVINCE])
    found = decided(rules, now="2025-02-15 00:00", of=company(commitments=[mine]))
    assert found[day("2025-01-01"), None].layer == "company"
    assert decided(rules, now="2025-02-15 00:00")[day("2025-01-01"), None].layer == "place"
