"""Later editions keep what earlier ones said or name our own error; earlier ones can be read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from anze.rules.catalogue.editions import EditionMissingError, edition_set
from anze.rules.catalogue.load import check, load, load_editions, on_shelf, publish
from anze.rules.catalogue.model import Limit, LimitUnit
from anze.rules.catalogue.problems import CatalogueErrors, Problem
from tests.rules.catalogue.small import FILES, edited, written

DUTIES, PLACE, LIMIT = "duties/coach/boss.yaml", "overlays/place.yaml", "limits/recording.yaml"
QUARTERLY = "2021-01-01: {every: quarter, times: 1, cite: printed, verified: 甲，对照原文}"
TWICE = QUARTERLY.replace("times: 1", "times: 2")
STANDS = "      - part: b\n        text: 持证\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Published."""
    made = written(tmp_path)
    publish(made)
    return made


def corrects(edition: str, **changes: str) -> str:
    said = {
        "edition": edition, "from": "2024-01-01", "was": "一次", "why": "脱字", "found": "甲，2026-11-28",
    } | changes  # fmt: skip
    lines = "\n            ".join(f"{key}: {value}" for key, value in said.items())
    return f"        corrects:\n          - {lines}\n"


def change(root: Path, file: str, *changes: tuple[str, str]) -> None:
    text = (root / file).read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (root / file).write_text(text, "utf-8")


def problems(root: Path) -> tuple[Problem, ...]:
    """Of what may not be published; nothing is."""
    editions = sorted((root / "editions").iterdir())
    with pytest.raises(CatalogueErrors) as caught:
        publish(root)
    assert sorted((root / "editions").iterdir()) == editions
    return caught.value.items


def test_a_further_day_an_end_and_a_further_demand_are_law_that_changed(root: Path) -> None:
    later = "          2024-01-01: {every: quarter, times: 2"
    between = "          2023-01-01: {every: quarter, times: 3, cite: printed, verified: false}\n"
    change(root, DUTIES, (later, between + later), ("        ends: 2030", "        ends: 2029"))
    publish(root)
    check(root)


def test_a_number_changed_in_place_asks_for_a_correction(root: Path) -> None:
    old = load(root).positions["coach.boss"].edition
    change(root, DUTIES, (QUARTERLY, TWICE))
    [found] = problems(root)
    text = (root / DUTIES).read_text("utf-8")
    assert (found.file, found.line) == (
        DUTIES,
        text[: text.index("part: a\n        text: 每季度")].count("\n") + 1,
    )
    assert found.problem == f"要求“coach.boss.d1.a”改动了版本 {old} 已公布的内容"
    assert old in found.remedy
    change(root, DUTIES, (STANDS, corrects(old) + STANDS))
    publish(root)
    [misreading] = check(root).requirement("coach.boss.d1.a").corrects
    assert (misreading.edition, misreading.was, misreading.since.year) == (old, "一次", 2024)


def test_a_correction_is_never_taken_away(root: Path) -> None:
    old = load(root).positions["coach.boss"].edition
    change(root, DUTIES, (QUARTERLY, TWICE), (STANDS, corrects(old) + STANDS))
    publish(root)
    change(root, DUTIES, (corrects(old), ""))
    assert {item.problem.partition("对版本")[2] for item in problems(root)} >= {f" {old} 的更正不见了"}


def test_a_proof_changed_in_place_asks_for_a_correction(root: Path) -> None:
    change(root, DUTIES, ("minima: {hours: 1.5}", "minima: {hours: 1}"))
    assert "已公布的内容" in problems(root)[0].problem


def test_a_demand_is_never_taken_out_nor_made_another(root: Path) -> None:
    whole = FILES[DUTIES]
    begins = whole.index("      - part: b\n        text: 每车事故登记")
    change(root, DUTIES, (whole[begins : whole.index("records:\n  - number")], ""))
    [gone] = problems(root)
    assert gone.remedy == "保留这项要求；废止的写 ends"
    other = whole.replace("asks: frequency", "asks: limit\n        triggers: [accident]")
    other = other.replace("floor: {every: year, cite", "floor: {within: 3 days, cite")
    (root / DUTIES).write_text(other, "utf-8")
    assert "类型或对象不同" in problems(root)[0].problem


def test_overlays_and_limits_only_grow(root: Path) -> None:
    change(root, PLACE, ("every: month", "every: quarter, times: 3"))
    change(root, LIMIT, ("7 workdays", "9 workdays"))
    assert [(item.file, item.remedy) for item in problems(root)] == [
        (LIMIT, "恢复旧值，另加一条日期"), (PLACE, "恢复旧值，另加一条日期"),
    ]  # fmt: skip
    (root / PLACE).unlink()
    assert PLACE in {item.file for item in problems(root)}


def test_an_overlay_that_grows_is_sound(root: Path) -> None:
    more = '    2022-01-01: {every: month, cite: "law#6", verified: false}\n'
    change(root, PLACE, (more, more + more.replace("2022", "2023").replace("month", "month, times: 2")))
    publish(root)
    check(root)


@pytest.mark.parametrize(
    ("entry", "problem", "remedy"),
    [
        (corrects("ABC"), "“ABC”不是版本", "12 位"),
        (corrects("a" * 12, found="true"), "没有写明何人发现", "对照何文"),
        (corrects("a" * 12, found="false"), "没有写明何人发现", "对照何文"),
        ("        corrects: []\n", "更正是空的", "删去 corrects"),
        (corrects("a" * 12).replace("            why: 脱字\n", ""), "缺少键“why”", "补上"),
        (corrects("a" * 12, **{"from": "去年"}), "不是日期", "2021-09-01"),
        (
            corrects("a" * 12) + corrects("a" * 12).partition("\n")[2],
            f"版本“{'a' * 12}”的更正重复", "只写一条",
        ),
    ],
)  # fmt: skip
def test_a_correction_that_says_too_little(tmp_path: Path, entry: str, problem: str, remedy: str) -> None:
    root = written(tmp_path, edited(DUTIES, STANDS, entry + STANDS))
    with pytest.raises(CatalogueErrors) as caught:
        load(root)
    [found] = [item for item in caught.value.items if problem in item.problem]
    assert (found.file, remedy in found.remedy) == (DUTIES, True)
    assert found.line > FILES[DUTIES][: FILES[DUTIES].index(STANDS)].count("\n")


def test_a_correction_of_an_edition_that_never_was(root: Path) -> None:
    change(root, DUTIES, (STANDS, corrects("a" * 12) + STANDS))
    [found] = problems(root)
    assert found.problem == f"要求“coach.boss.d1.a”所更正的版本 {'a' * 12} 不是本岗位的版本"
    assert found.line
    limit = load(root).editions[LIMIT]
    change(root, DUTIES, ("a" * 12, limit))
    assert f"{limit} 不是本岗位的版本" in problems(root)[0].problem


def test_the_set_of_a_company(root: Path) -> None:
    whole = load(root)
    assert list(edition_set(whole, "coach", "330206")) == [DUTIES, LIMIT, PLACE]
    assert list(edition_set(whole, "coach", "330106")) == [DUTIES, LIMIT]
    assert list(edition_set(whole, "taxi", "330206")) == [LIMIT]


def test_an_earlier_set_is_read_again(root: Path) -> None:
    before = load(root)
    old = edition_set(before, "coach", "330206")
    change(root, DUTIES, ("text: 每季度开会\n        kind", "text: 每季度开一次会\n        kind"))
    more = '  2021-01-01: {within: 7 workdays, cite: "law#8", verified: false}\n'
    change(root, LIMIT, (more, more + more.replace("2021", "2022").replace("7", "9")))
    publish(root)
    again = load_editions(root, load(root), old)
    assert again.requirement("coach.boss.d1.a") == before.requirement("coach.boss.d1.a")
    assert again.recording[-1].within == Limit(7, LimitUnit.WORKDAY)
    assert (again.overlays, again.editions) == (before.overlays, old)
    without = {file: edition for file, edition in old.items() if file == DUTIES}
    assert load_editions(root, load(root), without).overlays == {}


def test_an_edition_that_is_lost_or_altered_is_named(root: Path) -> None:
    old = edition_set(load(root), "coach", "330106")
    path = root / "editions" / f"{old[DUTIES]}.yaml"
    change(root, DUTIES, ("text: 每季度开会\n        kind", "text: 每季度开一次会\n        kind"))
    publish(root)
    assert on_shelf(root, old[DUTIES])
    path.write_text("position: x\n", "utf-8")
    assert not on_shelf(root, old[DUTIES])
    with pytest.raises(EditionMissingError, match=f"{old[DUTIES]}.*--stored"):
        load_editions(root, load(root), old)
    path.unlink()
    with pytest.raises(EditionMissingError):
        load_editions(root, load(root), old)


def test_an_edition_that_cannot_be_read_beside_the_files_of_today(root: Path) -> None:
    old = edition_set(load(root), "coach", "330106")
    change(root, "evidence/kinds.yaml", ("  certificate:\n", "  licence:\n"))
    change(root, DUTIES, ("{kind: certificate, role: subject}", "{kind: licence, role: subject}"))
    with pytest.raises(CatalogueErrors, match="certificate"):
        load_editions(root, load(root), old)
    with pytest.raises(CatalogueErrors, match="certificate"):
        publish(root)
