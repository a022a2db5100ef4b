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
    found = problems(root)
    assert {item.file for item in found} == {LIMIT, PLACE}
    assert all("恢复旧值，另加一条日期；我方误读：在 corrects 写明版本" in item.remedy for item in found)
    (root / PLACE).unlink()
    assert [item.remedy[:5] for item in problems(root) if item.file == PLACE] == ["恢复此文件"]


def beside(edition: str, indent: str = "") -> str:
    """`corrects:` of an overlay or a limit."""
    said = f"edition: {edition}, from: 2024-01-01, was: 每月, why: 脱字, found: 甲"
    return f"{indent}- {{{said}}}\n"


def corrected(root: Path) -> tuple[str, str]:
    """Both numbers put right, with what held the error named. Their editions of before."""
    limit, place = (load(root).editions[file] for file in (LIMIT, PLACE))
    change(root, PLACE, ("every: month", "every: quarter, times: 3"), ("trades: [coach]\n", (
        f"trades: [coach]\ncorrects:\n  coach.boss.d1.a:\n{beside(place, '    ')}"
    )))  # fmt: skip
    change(root, LIMIT, ("7 workdays", "9 workdays"), ("terms:", f"corrects:\n{beside(limit)}terms:"))
    return limit, place


def test_a_number_of_a_place_or_a_limit_is_corrected(root: Path) -> None:
    limit, place = corrected(root)
    assert len(publish(root)) == 2
    found = check(root)
    assert [m.edition for m in found.corrects[LIMIT]] == [limit]
    assert [m.edition for m in found.overlays["place"].corrects["coach.boss.d1.a"]] == [place]
    again = load_editions(root, found, {DUTIES: found.editions[DUTIES], LIMIT: limit, PLACE: place})
    assert again.corrects[LIMIT] == ()
    assert again.overlays["place"].corrects == {}
    change(root, LIMIT, (f"corrects:\n{beside(limit)}", ""))
    change(root, PLACE, (f"corrects:\n  coach.boss.d1.a:\n{beside(place, '    ')}", ""))
    gone = {(item.file, item.problem.partition("对版本")[2]) for item in problems(root)}
    assert gone >= {(LIMIT, f" {limit} 的更正不见了"), (PLACE, f" {place} 的更正不见了")}


def test_a_place_that_never_asked_it_is_corrected_by_taking_it_out(root: Path) -> None:
    old = load(root).editions[PLACE]
    whole = FILES[PLACE]
    without = whole[: whole.index("terms:")] + "terms: {}\n"
    (root / PLACE).write_text(without, "utf-8")
    assert f"corrects 写明版本 {old}" in problems(root)[0].remedy
    (root / PLACE).write_text(f"{without}corrects:\n  coach.boss.d1.a:\n{beside(old, '    ')}", "utf-8")
    publish(root)
    assert check(root).overlays["place"].terms == {}


@pytest.mark.parametrize("file", [PLACE, LIMIT])
def test_a_place_or_a_limit_that_corrects_what_is_no_edition_of_its_own(root: Path, file: str) -> None:
    duties = load(root).editions[DUTIES]
    entry = beside(duties) if file == LIMIT else f"  coach.boss.d1.a:\n{beside(duties, '    ')}"
    change(root, file, ("terms:", f"corrects:\n{entry}terms:"))
    [found] = problems(root)
    assert (found.file, found.problem) == (file, f"所更正的版本 {duties} 不是本文件的版本")


def test_what_a_place_corrects_is_a_demand(tmp_path: Path) -> None:
    entry = f"corrects:\n  coach.boss.d1.z:\n{beside('a' * 12, '    ')}terms:"
    with pytest.raises(CatalogueErrors, match=r"coach\.boss\.d1\.z"):
        load(written(tmp_path, edited(PLACE, "terms:", entry)))
    with pytest.raises(CatalogueErrors, match="更正是空的"):
        load(written(tmp_path, edited(PLACE, "terms:", "corrects: {}\nterms:")))
    broken = edited(DUTIES, "text: 每季度开会\n        kind: quota", "text: 每季度开会\n        kind: quotas")
    with pytest.raises(CatalogueErrors) as caught:
        load(written(tmp_path, {**broken, **edited(PLACE, "terms:", entry)}))
    assert {item.file for item in caught.value.items} == {DUTIES}


def test_a_text_that_grew_stricter_than_a_place_reads_what_was_published(root: Path) -> None:
    before = load(root)
    more = '          2024-01-01: {every: quarter, times: 2, cite: ["law#3", printed], verified: false}\n'
    change(root, DUTIES, (more, more + more.replace("2024", "2025").replace("quarter", "month")))
    with pytest.raises(CatalogueErrors, match="低于清单原文"):
        load(root)
    here = '    2022-01-01: {every: month, cite: "law#6", verified: false}\n'
    change(root, PLACE, (here, here + here.replace("2022", "2025").replace("month", "month, times: 2")))
    publish(root)
    check(root)
    wanted = {DUTIES: load(root).editions[DUTIES], PLACE: before.editions[PLACE]}
    assert load_editions(root, load(root), wanted).overlays == before.overlays


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
