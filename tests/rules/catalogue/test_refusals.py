"""A broken file of each refused kind: the error names file, line, problem and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.catalogue import source
from anze.rules.catalogue.load import load
from anze.rules.catalogue.problems import CatalogueErrors, Problem, Problems
from tests.rules.catalogue.small import FILES, edited, written

LAW, KINDS, POSTS = "instruments/law.yaml", "evidence/kinds.yaml", "positions/coach.yaml"
DUTIES, PLACE = "duties/coach/boss.yaml", "overlays/place.yaml"
YEAR, LIMIT = "calendar/2025.yaml", "limits/recording.yaml"
WEATHER, KEY_PERIODS = "limits/weather.yaml", "key-periods/2025.yaml"
AIDE = """\
positions:
  aide:
    number: 2
    name: 乙
    description: 丙
    single_holder: true
    source: "list#2"
"""
BROKEN = yaml.safe_load((Path(__file__).parent / "broken.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["name"])
def test_refused(tmp_path: Path, case: dict[str, str]) -> None:
    file, blamed = case["file"], case["blamed"]
    old = FILES[file] if case["old"] == "whole" else case["old"]
    changes = edited(file, old, case["new"])
    with pytest.raises(CatalogueErrors) as caught:
        load(written(tmp_path, changes))
    text = changes[file] or ""
    line = 0 if blamed is None else text[: text.index(blamed)].count("\n") + 1
    found = [item for item in caught.value.items if case["problem"] in item.problem]
    assert [(item.file, item.line) for item in found] == [(file, line)], str(caught.value)
    assert case["remedy"] in found[0].remedy, str(caught.value)


def test_small_catalogue_is_sound(tmp_path: Path) -> None:
    assert load(written(tmp_path)).requirement("coach.boss.d2.d").text == "事前教育"


def problems_of(root: Path) -> tuple[Problem, ...]:
    with pytest.raises(CatalogueErrors) as caught:
        load(root)
    return caught.value.items


def test_several_files_are_named_at_once(tmp_path: Path) -> None:
    changes = {**edited(LAW, "issuer: 某机关\n", ""), **edited(YEAR, "year: 2025", "year: 2026")}
    assert [item.file for item in problems_of(written(tmp_path, changes))] == [YEAR, LAW]


def test_a_broken_kind_does_not_break_those_who_name_it(tmp_path: Path) -> None:
    found = problems_of(written(tmp_path, edited(KINDS, "  meeting:\n    name: 会议\n", "  meeting:\n")))
    assert [(item.file, item.line) for item in found] == [(KINDS, 3)]


def test_a_broken_position_is_named_with_its_lists(tmp_path: Path) -> None:
    found = problems_of(written(tmp_path, edited(POSTS, "    number: 1\n", "")))
    assert [(item.file, item.line) for item in found] == [(DUTIES, 1), (POSTS, 5)]


def test_a_kind_declared_in_two_files(tmp_path: Path) -> None:
    again = "kinds:\n  meeting:\n    name: 又\n"
    (item,) = problems_of(written(tmp_path, {"evidence/more.yaml": again}))
    assert (item.file, item.line, item.problem) == ("evidence/more.yaml", 2, "编号“meeting”已用过")


def test_a_position_without_lists(tmp_path: Path) -> None:
    (item,) = problems_of(written(tmp_path, edited(POSTS, "positions:\n", AIDE)))
    assert item.problem == "岗位“coach.aide”没有清单"


def test_a_position_in_the_wrong_file(tmp_path: Path) -> None:
    changes = {DUTIES: None, "duties/coach/chief.yaml": FILES[DUTIES], PLACE: None}
    found = problems_of(written(tmp_path, changes))
    assert (found[0].file, found[0].remedy) == ("duties/coach/chief.yaml", "文件应为 duties/coach/boss.yaml")


@pytest.mark.parametrize("folder", ["instruments", "evidence", "positions", "duties", "calendar"])
def test_an_empty_folder(tmp_path: Path, folder: str) -> None:
    missing = {name: None for name in FILES if name.startswith(f"{folder}/")}
    assert (folder, "没有任何 YAML 文件") in [
        (i.file, i.problem) for i in problems_of(written(tmp_path, {**missing}))
    ]


def test_no_recording_limit(tmp_path: Path) -> None:
    (item,) = problems_of(written(tmp_path, {LIMIT: None}))
    assert (item.file, item.problem) == (LIMIT, "缺少补录期限")


def test_no_limits_of_dossiers(tmp_path: Path) -> None:
    gone = dict.fromkeys(("limits/training.yaml", "limits/points.yaml", "limits/changes.yaml"))
    found = {item.problem for item in problems_of(written(tmp_path, gone))}
    assert found == {"缺少培训时间和内容", "缺少记分", "缺少入职、离职等要办的事"}


def test_no_kinds_of_weather_warning(tmp_path: Path) -> None:
    (item,) = problems_of(written(tmp_path, {WEATHER: None}))
    assert (item.file, item.problem) == (WEATHER, "缺少天气预警的种类")


def test_key_periods_that_are_no_yaml(tmp_path: Path) -> None:
    (item,) = problems_of(written(tmp_path, {KEY_PERIODS: "a: ["}))
    assert item.file == KEY_PERIODS


def test_an_overlay_that_is_no_yaml(tmp_path: Path) -> None:
    (item,) = problems_of(written(tmp_path, {PLACE: "a: ["}))
    assert item.file == PLACE


@pytest.mark.parametrize("name", ["duty/coach/x.yaml", "duties/coach/x.yml", "readme.txt", "limits/x.txt"])
def test_a_file_that_nobody_reads(tmp_path: Path, name: str) -> None:
    (item,) = problems_of(written(tmp_path, {name: "a: b\n"}))
    assert (item.file, item.problem) == (name, "不会被读取的文件")


def test_hidden_files_and_the_format_may_stay(tmp_path: Path) -> None:
    load(written(tmp_path, {"FORMAT.md": "x", "duties/.swp": "x"}))


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / LAW).write_bytes("id: law\nname: 某法\n".encode("gb18030"))
    found = problems_of(root)
    assert (found[0].file, found[0].line, found[0].problem) == (LAW, 2, "文件不是 UTF-8 编码")


@given(st.binary(max_size=300) | st.text(alphabet="ab:-[]{}&*!|>?#'\" \n,%", max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    problems = Problems()
    problems.attempt(lambda: source.parse(content, "x.yaml", problems))
    assert all(item.file == "x.yaml" and item.remedy for item in problems.items)


def test_without_the_c_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(source.yaml, "CSafeLoader")
    with pytest.raises(CatalogueErrors, match="libyaml"):
        source.parse(b"a: b", "x.yaml", Problems())
