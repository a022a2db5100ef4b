"""What the catalogue says of certificates of a grade: as it is, and as it may not be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from anze.rules.catalogue.load import load
from anze.rules.catalogue.problems import CatalogueErrors
from tests.rules.catalogue.small import written

FILE = "limits/standardization.yaml"
GOOD = """\
id: standardization
name: 达标证书
terms:
  2012-04-23: {months: 36, warns: 90, report_by: 01-31, exempt_from: 10-01, cite: "law#1", verified: false}
"""


def test_numbers_are_dated_and_cited(tmp_path: Path) -> None:
    (term,) = load(written(tmp_path, {FILE: GOOD})).certifying
    assert (term.since, term.months, term.warns) == (date(2012, 4, 23), 36, 90)
    assert term.report_by.of(2026) == date(2026, 1, 31)
    assert term.exempt_from.of(2025) == date(2025, 10, 1)
    assert term.verified is None


def test_without_the_file_nothing_is_asked(tmp_path: Path) -> None:
    assert load(written(tmp_path)).certifying == ()


SECOND = GOOD.splitlines()[-1].replace("2012-04-23", "2012-01-01") + "\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("01-31", "02-30"), "不是一年中的一天"),
        (GOOD.replace("01-31", "1月底"), "不是一年中的一天"),
        (GOOD + SECOND, "日期没有从早到晚"),
        (GOOD.split("  2012", maxsplit=1)[0].rstrip() + " {}\n", "没有任何规定"),
        (GOOD.replace("id: standardization", "id: grades"), "grades"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CatalogueErrors, match=said):
        load(written(tmp_path, {FILE: text}))
