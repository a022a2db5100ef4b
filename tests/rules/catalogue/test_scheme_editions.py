"""Editions of schemes and grades: read again for ever, never quietly changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from anze.rules.catalogue.editions import EditionMissingError
from anze.rules.catalogue.load import check, load, load_regimes, load_scheme, publish
from anze.rules.catalogue.problems import CatalogueErrors
from tests.rules.catalogue.small_scheme import GRADES, SCHEME, SCHEME_FILES, scheme_edited, scheme_written

CORRECTS = """\
corrects:
  - {edition: EDITION, from: 2020-01-01, was: 扣5分, why: 看错, found: 甲，2026-11-28}
categories:
  - number: 1
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = scheme_written(tmp_path)
    publish(made)
    check(made)
    return made


def change(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text("utf-8")
    assert text.count(old) == 1, old
    (root / file).write_text(text.replace(old, new), "utf-8")


def refused(root: Path) -> str:
    with pytest.raises(CatalogueErrors) as caught:
        publish(root)
    return str(caught.value)


def corrected(edition: str) -> str:
    return CORRECTS.replace("EDITION", edition)


def test_an_assessment_reads_its_own_edition_for_ever(root: Path) -> None:
    before = load(root)
    old = before.schemes["small"]
    change(root, SCHEME, "answers: [{test: fewer, times: 1", "answers: [{test: fewer, times: 2")
    publish(root)
    after = load(root)
    assert after.schemes["small"].edition != old.edition
    again = load_scheme(root, after, "small", old.edition)
    assert again == old
    assert load_regimes(root, after, before.editions[GRADES]) == before.regimes
    check(root)


def test_an_edition_that_is_lost_is_named(root: Path) -> None:
    with pytest.raises(EditionMissingError, match=r"schemes/small\.yaml"):
        load_scheme(root, load(root), "small", "0" * 12)


def test_an_edition_that_cannot_be_read_beside_the_files_of_today(root: Path) -> None:
    present = load(root)
    without = replace(present, instruments={})
    with pytest.raises(CatalogueErrors, match="法规文件“list”不存在"):
        load_scheme(root, without, "small", present.schemes["small"].edition)
    only_list = replace(present, instruments={"list": present.instruments["list"]})
    with pytest.raises(CatalogueErrors, match="法规文件“law”不存在"):
        load_regimes(root, only_list, present.editions[GRADES])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points: 4,\n", "points: 5,\n"),
        ("binds: [second]", "binds: [second, third]"),
        ("stars: [first]", "stars: [second]"),
        ("up_to: 100, count: 10", "up_to: 100, count: 9"),
    ],
)
def test_what_is_changed_in_place_asks_for_a_correction(root: Path, old: str, new: str) -> None:
    edition = load(root).schemes["small"].edition
    change(root, SCHEME, old, new)
    assert f"标准“small”改动了版本 {edition} 已公布的分值、扣分或否决" in refused(root)
    change(root, SCHEME, "categories:\n  - number: 1\n", corrected(edition))
    publish(root)
    check(root)


def test_an_id_is_never_taken_out(root: Path) -> None:
    change(root, SCHEME, "            veto:\n              text: 申请二级的\n              binds: [second]\n"
           "              answers: [{test: unanswered, triggers: [accident], proof: [{kind: meeting}]}]\n"
           "              one_way: true\n              repair: 缺字\n", "")  # fmt: skip
    assert "“small.1.1.a.v”在版本" in refused(root)


def test_a_scheme_is_never_taken_away(root: Path) -> None:
    (root / SCHEME).unlink()
    assert "标准“small”在版本" in refused(root)


def test_a_correction_is_never_taken_away(root: Path) -> None:
    edition = load(root).schemes["small"].edition
    change(root, SCHEME, "points: 4,\n", "points: 5,\n")
    change(root, SCHEME, "categories:\n  - number: 1\n", corrected(edition))
    publish(root)
    (root / SCHEME).write_text(SCHEME_FILES[SCHEME].replace("points: 4,", "points: 5,"), "utf-8")
    assert f"标准“small”对版本 {edition} 的更正不见了" in refused(root)


@pytest.mark.parametrize("edition", ["0" * 12, "duty"])
def test_a_correction_of_what_is_no_edition_of_it(root: Path, edition: str) -> None:
    if edition == "duty":
        edition = load(root).editions["duties/coach/boss.yaml"]
    change(root, SCHEME, "categories:\n  - number: 1\n", corrected(edition))
    assert f"所更正的版本 {edition} 不是本文件的版本" in refused(root)


def test_grades_only_grow(root: Path) -> None:
    later = "  2030-01-01:\n    points: 1000\n    scores: {first: 960, second: 810, third: 710}\n"
    more = (
        later
        + "    upward: true\n    full_marks: true\n    rescale: true\n    cite: law#2\n    verified: false\n"
    )
    (root / GRADES).write_text(SCHEME_FILES[GRADES] + more, "utf-8")
    publish(root)
    check(root)
    changed = scheme_edited(GRADES, "first: 950", "first: 940")[GRADES]
    (root / GRADES).write_text(changed or "", "utf-8")
    assert "达标等级的规定与版本" in refused(root)


def test_grades_that_were_read_wrongly_are_corrected(root: Path) -> None:
    old = load(root).editions[GRADES]
    change(root, GRADES, "first: 950", "first: 940")
    entry = f"corrects:\n  - {{edition: {old}, from: 2020-01-01, was: 950, why: 看错, found: 甲}}\nterms:"
    change(root, GRADES, "terms:", entry)
    publish(root)
    assert [m.edition for m in check(root).corrects[GRADES]] == [old]
    assert load_regimes(root, load(root), old) != load(root).regimes
