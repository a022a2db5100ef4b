"""What a company may set itself, and what forbids it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anze.rules.catalogue.model import Citation, Layer, Overlay
from anze.rules.duties.tailoring import forbidden, of_law, stricter, tailorable
from tests.rules.build import book, day, requirement, term

ID = "coach.principal.d1.a"
QUARTERLY = requirement("quota", term(every="quarter"), term("2026-01-01", every="month"))
CITY = Overlay(
    "city", "某市", ("3302",), ("coach",),
    {ID: (replace(term("2025-07-01", every="quarter", times=2), layer=Layer.PLACE, overlay="city"),)},
)  # fmt: skip


def against(own, *, until=None, asked=QUARTERLY, overlays=(CITY,)):
    found = forbidden(book(asked, overlays=overlays), asked, own, until and day(until))
    return found and (str(found.day), found.by.layer.value)


@pytest.mark.parametrize(
    ("own", "until", "expected"),
    [
        (term("2025-01-01", every="half_year"), None, ("2025-01-01", "national")),
        (term("2025-01-01", every="quarter"), "2025-07-01", None),
        (term("2025-01-01", every="quarter"), None, ("2025-07-01", "place")),
        (term("2025-01-01", every="quarter", times=3), None, ("2026-01-01", "national")),
        (term("2025-01-01", every="quarter", times=3), "2026-01-01", None),
        (term("2025-01-01", every="month", times=2), None, None),
        (term("2026-02-01", every="month"), None, None),
        (term("2025-01-01", within="1 day"), None, ("2025-01-01", "national")),
    ],
)
def test_on_no_day_below_text_or_place(own, until, expected) -> None:
    assert against(own, until=until) == expected


@pytest.mark.parametrize(
    ("asked", "own", "allowed"),
    [
        (term(within="1 hour"), term("2025-01-01", within="30 day"), False),
        (term(within="2 day"), term("2025-01-01", within="24 hour"), True),
        (term(before="3 day"), term("2025-01-01", before="1 day"), False),
        (term(before="0 day"), term("2025-01-01", before="3 day"), True),
        (term(within="1 hour", times=2), term("2025-01-01", within="1 hour"), False),
    ],
)
def test_limits(asked, own, allowed) -> None:
    one = requirement("on_event", asked, triggers=("x",))
    assert (against(own, asked=one, overlays=()) is None) == allowed


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (requirement("quota", term(every="year")), True),
        (requirement("quota", term(every="year"), ends=day("2025-01-01")), False),
        (requirement("quota", term("2030-01-01", every="year")), False),
        (requirement("committed", asks="frequency"), False),
        (requirement("invitation", term(), triggers=("x",)), False),
        (requirement("standing", term()), False),
        (requirement("standing", term(within="6 month")), True),
        (requirement("on_event", term(before="0 day"), triggers=("x",)), True),
    ],
)
def test_only_numbers_can_be_set(one, expected) -> None:
    assert (tailorable(book(one), one, day("2025-06-01")) is not None) == expected


def test_the_same_number_is_not_stricter() -> None:
    assert not stricter(term(every="quarter"), term(every="quarter"))
    assert stricter(term(every="month"), term(every="quarter"))


def test_what_rests_on_law_and_what_on_the_list_alone() -> None:
    on = day("2025-06-01")
    listed = requirement("quota", term(every="year"))
    assert not of_law(book(listed), listed, on)
    law = requirement("quota", replace(term(every="year"), cite=(Citation("safety-law", "1"),)))
    assert of_law(book(law), law, on)
    ours = requirement("quota", replace(term(every="year"), cite=(Citation("anze.conventions", "1"),)))
    assert not of_law(book(ours), ours, on)
