"""A broken scheme of each refused kind: the error names file, line, problem and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anze.rules.catalogue.load import load
from anze.rules.catalogue.problems import CatalogueErrors
from anze.rules.catalogue.schemes import regime_on
from tests.rules.catalogue.small import edited
from tests.rules.catalogue.small_scheme import GRADES, SCHEME, SCHEME_FILES, scheme_edited, scheme_written

BROKEN = yaml.safe_load((Path(__file__).parent / "broken_scheme.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["name"])
def test_refused(tmp_path: Path, case: dict[str, str]) -> None:
    file, blamed = case["file"], case["blamed"]
    old = SCHEME_FILES[file] if case["old"] == "whole" else case["old"]
    changes = scheme_edited(file, old, case["new"])
    with pytest.raises(CatalogueErrors) as caught:
        load(scheme_written(tmp_path, changes))
    text = changes[file] or ""
    line = text[: text.index(blamed)].count("\n") + 1
    found = [item for item in caught.value.items if case["problem"] in item.problem]
    assert [(item.file, item.line) for item in found] == [(file, line)], str(caught.value)
    assert case["remedy"] in found[0].remedy, str(caught.value)


def test_the_small_scheme_is_sound(tmp_path: Path) -> None:
    catalogue = load(scheme_written(tmp_path))
    scheme = catalogue.schemes["small"]
    assert [item.id for item in scheme.items] == [f"small.1.1.{part}" for part in "abcd"]
    assert [rule.id.removeprefix("small.1.1.") for rule in scheme.rules] == [
        "a.r1", "a.r1-2", "a.r2", "b.r0", "c.r1", "c.r2",
    ]  # fmt: skip
    assert (scheme.missing, len(scheme.vetoes), scheme.edition) == (70, 1, catalogue.editions[SCHEME])


def test_the_newest_regime_that_has_come_applies(tmp_path: Path) -> None:
    first, second = load(scheme_written(tmp_path)).regimes
    assert regime_on((first, second), first.since) is first
    assert regime_on((first, second), second.since) is second
    assert regime_on((first, second), first.since.replace(year=2000)) is None


def test_schemes_need_their_grades(tmp_path: Path) -> None:
    with pytest.raises(CatalogueErrors) as caught:
        load(scheme_written(tmp_path, {GRADES: None}))
    assert [(item.file, item.problem) for item in caught.value.items] == [(GRADES, "缺少达标等级的规定")]


def test_a_scheme_that_is_no_yaml(tmp_path: Path) -> None:
    with pytest.raises(CatalogueErrors) as caught:
        load(scheme_written(tmp_path, {SCHEME: "a: ["}))
    assert [item.file for item in caught.value.items] == [SCHEME]


def test_a_broken_kind_does_not_break_the_scheme_that_names_it(tmp_path: Path) -> None:
    broken = edited("evidence/kinds.yaml", "    name: 事故\n", "")
    with pytest.raises(CatalogueErrors) as caught:
        load(scheme_written(tmp_path, broken))
    assert [item.file for item in caught.value.items] == ["evidence/kinds.yaml"]
