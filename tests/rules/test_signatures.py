"""What is signed, and how a holding stands towards it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from anze.rules.catalogue.model import Citation, Line, Position
from anze.rules.posts import Holding, Span
from anze.rules.signatures import (
    Signature,
    SignatureState,
    canonical_text,
    laid_out,
    signature_standings,
    text_digest,
)
from tests.rules.build import PRINCIPAL, requirement, term

TODAY = date(2026, 11, 20)
DIGEST = "bca78887b81ed8351c63b2582a7fe956596bf11e868253f62fd3b0de3669ddab"
NOW, BEFORE = "a" * 64, "b" * 64


def post(**changes: object) -> Position:
    meet = requirement(
        "quota", term("2021-01-01", every="month"), term("2024-01-01", every="quarter", times=2)
    )
    plain = Position(
        id=PRINCIPAL,
        trade="coach",
        number=1,
        name="主要负责人",
        description="全面负责。",
        single_holder=True,
        source=Citation("list", "1"),
        responsibilities=(Line("coach.principal.r1", "1", "1.全面负责。"),),
        duties=(Line("coach.principal.d1", "1", "1.每月开会。", (meet,)),),
        records=(Line("coach.principal.p1", "1", "1.会议记录。"),),
        edition="0123456789ab",
    )
    return replace(plain, **changes)  # type: ignore[arg-type] -- a test names any field


def test_the_text_holds_the_three_lists_and_comes_back_as_it_was() -> None:
    sheet = laid_out(canonical_text(post()))
    assert (sheet.position, sheet.name, sheet.description, sheet.source) == (
        PRINCIPAL, "主要负责人", "全面负责。", "list#1",
    )  # fmt: skip
    assert [(each.name, [line.text for line in each.lines]) for each in sheet.lists] == [
        ("责任清单", ["1.全面负责。"]),
        ("履职清单", ["1.每月开会。"]),
        ("履职记录", ["1.会议记录。"]),
    ]
    (duty,) = sheet.lists[1].lines
    assert duty.demands == ("开会（自2021-01-01起，每月至少1次；自2024-01-01起，每季度至少2次）",)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (requirement("on_event", term(within="3 workday")), "开会（自2020-01-01起，3个工作日内）"),
        (requirement("on_event", term(before="1 month")), "开会（自2020-01-01起，提前1个月）"),
        (requirement("on_event", term(before="0 day")), "开会（自2020-01-01起，事前）"),
        (requirement("standing", term()), "开会"),
        (requirement("committed"), "开会"),
    ],
)
def test_the_numbers_of_the_list_are_said(asked, said) -> None:
    line = Line("coach.principal.d1", "1", "1.开会。", (asked,))
    sheet = laid_out(canonical_text(post(duties=(line,))))
    assert sheet.lists[1].lines[0].demands == (said,)


def test_the_digest_follows_words_and_numbers_but_not_the_edition() -> None:
    digest = text_digest(canonical_text(post()))
    assert len(digest) == 64
    assert text_digest(canonical_text(post(edition="ba9876543210"))) == digest
    quota = Line("coach.principal.d1", "1", "1.每月开会。", (requirement("quota", term(every="year")),))
    for changed in (
        {"duties": (quota,)},
        {"records": ()},
        {"responsibilities": (Line("coach.principal.r1", "1", "1.全面负责！"),)},
        {"description": "负责。"},
    ):
        assert text_digest(canonical_text(post(**changed))) != digest


def test_the_spelling_is_fixed() -> None:
    """Changing this digest makes every holder sign again."""
    assert text_digest(canonical_text(post())) == DIGEST


SINCE_MARCH = Span(date(2025, 3, 1))


def standing(signatures: list[Signature], *, span: Span = SINCE_MARCH, position: str = PRINCIPAL):
    holdings = [Holding(7, 1, position, span)]
    return signature_standings(holdings, {PRINCIPAL: NOW}, signatures, TODAY)


def test_unsigned_since_the_post_was_taken_over() -> None:
    other = Signature(1, 8, NOW, date(2025, 4, 1))  # of another holding, be it the same person's
    (found,) = standing([other])
    assert (found.holding, found.state, found.since, found.signature) == (
        7, SignatureState.UNSIGNED, date(2025, 3, 1), None,
    )  # fmt: skip


def test_signed_since_the_day_of_signing() -> None:
    signed = [Signature(1, 7, BEFORE, date(2025, 3, 2)), Signature(2, 7, NOW, date(2026, 1, 5))]
    (found,) = standing(signed)
    assert (found.state, found.since, found.signature) == (SignatureState.SIGNED, date(2026, 1, 5), 2)


def test_to_be_signed_again_when_the_list_changed() -> None:
    signed = [Signature(2, 7, BEFORE, date(2025, 9, 1)), Signature(1, 7, "c" * 64, date(2025, 3, 2))]
    (found,) = standing(signed)
    assert (found.state, found.since, found.signature) == (SignatureState.AGAIN, date(2025, 9, 1), 2)


def test_a_list_that_returns_to_signed_words_is_signed() -> None:
    signed = [Signature(1, 7, NOW, date(2025, 3, 2)), Signature(2, 7, BEFORE, date(2025, 9, 1))]
    assert [found.state for found in standing(signed)] == [SignatureState.SIGNED]


@pytest.mark.parametrize(
    "asked",
    [
        {"span": Span(date(2027, 1, 1))},
        {"span": Span(date(2025, 1, 1), TODAY)},
        {"position": "coach.undeclared"},
    ],
)
def test_nothing_is_asked_outside_the_holding_or_without_a_list(asked) -> None:
    assert standing([], **asked) == []
