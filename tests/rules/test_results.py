"""One person's result, as lists write it."""

from __future__ import annotations

import pytest

from anze.rules.results import Result, result_in


@pytest.mark.parametrize(
    ("text", "score", "outcome"),
    [
        ("92", "92", ""),
        (" ９２．５ ", "92.5", ""),
        ("90.0分", "90", ""),
        ("100", "100", ""),
        ("合格", "", "passed"),
        ("不合格", "", "failed"),
        ("未通过", "", "failed"),
        ("92（合格）", "92", "passed"),
        ("55分，不及格", "55", "failed"),
        ("0", "0", ""),
    ],
)
def test_what_is_a_result(text: str, score: str, outcome: str) -> None:
    assert result_in(text) == Result(score, outcome)


@pytest.mark.parametrize("text", ["", "良好", "补考", "92.55", "1000.1", "9999", "-3", "合格率100%", "（）"])
def test_what_is_none(text: str) -> None:
    assert result_in(text) is None


def test_in_a_list_of_names_a_number_needs_its_unit() -> None:
    assert result_in("92", unit=True) is None
    assert result_in("92分", unit=True) == Result("92")
    assert result_in("合格", unit=True) == Result("", "passed")


SAID = {"92.5分，合格": Result("92.5", "passed"), "不合格": Result("", "failed"), "": Result()}


@pytest.mark.parametrize("text", SAID)
def test_how_it_is_said_and_read_again(text: str) -> None:
    result = SAID[text]
    assert str(result) == text
    assert result_in(text) == (result if text else None)
