"""What a hand-over sheet says, and whose hand it waits for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anze.rules.handovers import (
    HandoverSheet,
    SheetItem,
    SheetPart,
    canonical_text,
    laid_out,
    may_sign,
    missing,
)
from anze.rules.signatures import text_digest

LEAVER, NEXT, AIDE, BOSS = 1, 2, 3, 4
SHEET = HandoverSheet(
    company="某公司",
    position="安全员",
    leaver=LEAVER,
    leaver_name="甲",
    since="2025-01-01",
    until="2025-06-01",
    receiver=NEXT,
    receiver_name="乙",
    items=(
        SheetItem("duty", "每月检查", "待履行", NEXT, "乙"),
        SheetItem("draft", "检查记录", "草稿", AIDE, "丙"),
    ),
    remarks="钥匙",
    salt="00",
)
GAVE = (SheetPart.LEAVER, LEAVER)
TOOK, AIDED = (SheetPart.RECEIVER, NEXT), (SheetPart.RECEIVER, AIDE)
CONFIRMED = (SheetPart.CONFIRMER, BOSS)


def test_the_text_is_laid_out_again_and_has_one_digest() -> None:
    text = canonical_text(SHEET)
    assert laid_out(text) == SHEET
    assert text_digest(text) == "48b6b6da4d636c66b4bbb35ebe47dc953b7513f7de9bed1f62727cd620f9274d"
    assert text_digest(canonical_text(replace(SHEET, salt="01"))) != text_digest(text)


def test_everybody_who_receives_signs_once() -> None:
    assert SHEET.receivers == ((NEXT, "乙"), (AIDE, "丙"))
    assert missing(SHEET, []) == [GAVE, TOOK, AIDED, (SheetPart.CONFIRMER, None)]
    assert missing(SHEET, [TOOK, GAVE]) == [AIDED, (SheetPart.CONFIRMER, None)]
    assert missing(SHEET, [GAVE, TOOK, AIDED, CONFIRMED]) == []


@pytest.mark.parametrize(
    ("signed", "person", "confirms", "part"),
    [
        ([], LEAVER, False, SheetPart.LEAVER),
        ([], NEXT, False, SheetPart.RECEIVER),
        ([], BOSS, True, None),  # confirms last
        ([GAVE, TOOK], BOSS, True, None),
        ([GAVE, TOOK, AIDED], BOSS, True, SheetPart.CONFIRMER),
        ([GAVE, TOOK, AIDED], BOSS, False, None),
        ([GAVE, TOOK, AIDED], LEAVER, True, None),  # nobody confirms their own leaving
        ([GAVE, TOOK, AIDED], NEXT, True, SheetPart.CONFIRMER),  # the only other one who answers for it
        ([GAVE], LEAVER, False, None),
        ([GAVE, TOOK, AIDED, CONFIRMED], BOSS, True, None),
    ],
)
def test_who_is_to_sign_now(signed, person, confirms, part) -> None:
    assert may_sign(SHEET, signed, person, confirms=confirms) is part
