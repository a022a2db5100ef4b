"""Question banks: what is refused, with file, line and remedy; what an edition may not do to earlier ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from anze.rules.catalogue.load import check, load, load_bank, publish
from anze.rules.catalogue.problems import CatalogueErrors
from tests.rules.catalogue.cases import catalogue
from tests.rules.catalogue.small_scheme import scheme_written

BANK = "quizzes/small.yaml"
TEXT = """\
quiz: small
name: 小题库
topics:
  duties:
    name: 职责
    serves: [1.1.a.r2]
    terms:
      2012-01-01: {asks: 3, passes: 2, cite: "law#1", verified: false}
      2020-01-01: {asks: 4, passes: 2, cite: "law#1", verified: false}
    posts:
      principal:
        - {text: 负全面责任, cite: "law#2", verified: false}
      employee:
        - {text: 遵守规程, cite: "law#3", verified: false}
  law:
    name: 法规
    serves: [1.1.a.r2]
    terms:
      2012-01-01: {asks: 1, passes: 1, cite: "law#1", verified: false}
questions:
  q1:
    topic: law
    since: 2012-01-01
    posts: [driver]
    text: 多久休息？
    options: [四小时, 五小时]
    right: 1
    cite: "law#4"
    verified: false
"""


def written(root: Path, text: str = TEXT) -> Path:
    return scheme_written(root, {BANK: text})


def changed(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def test_a_bank_is_read(tmp_path: Path) -> None:
    bank = load(written(tmp_path)).banks["small"]
    duties = bank.topics["duties"]
    assert [mark.asks for mark in duties.marks] == [3, 4]
    assert [line.id for lines in duties.duties.values() for line in lines] == [
        "duties.principal.1",
        "duties.employee.1",
    ]
    assert duties.serves == ("small.1.1.a.r2",)
    [question] = bank.questions
    assert (question.right, question.posts, question.until) == (0, {"driver"}, None)


@pytest.mark.parametrize(
    ("old", "new", "blamed", "problem", "remedy"),
    [
        ("quiz: small", "quiz: smal", "quiz: smal", "标准“smal”不存在", "small"),
        ("  law:\n    name: 法规\n    serves: [1.1.a.r2]", "  law:\n    name: 法规\n    serves: [1.1.a.r1]",
         "serves: [1.1.a.r1]", "按人员抽样的扣分“1.1.a.r1”不存在", "1.1.a.r2"),
        ("  law:\n    name: 法规\n    serves: [1.1.a.r2]", "  law:\n    name: 法规\n    serves: []",
         "serves: []", "没有写明用于哪些扣分", "至少写一条"),
        ("2020-01-01: {asks", "2011-01-01: {asks", "2011-01-01: {asks", "日期没有从早到晚", "先后"),
        ("asks: 1, passes: 1", "asks: 1, passes: 2", "2012-01-01: {asks: 1", "答对不了 2 题", "不大于"),
        ("      principal:", "      boss:", "boss:", "岗位“boss”不存在", "principal"),
        ("topic: law", "topic: laws", "topic: laws", "题目类别“laws”不存在", "law"),
        ("[四小时, 五小时]", "[四小时, 四小时]", "options: [四小时, 四小时]", "选项太少、太多或重复", "不同"),
        ("[四小时, 五小时]", "[四小时]", "options: [四小时]", "选项太少、太多或重复", "2 到 6"),
        ("right: 1", "right: 3", "right: 3", "没有第 3 个", "从 1 数起"),
        ("posts: [driver]", "posts: [pilot]", "posts: [pilot]", "岗位“pilot”不存在", "driver"),
    ],
)  # fmt: skip
def test_refused(tmp_path: Path, old: str, new: str, blamed: str, problem: str, remedy: str) -> None:
    text = changed(old, new)
    with pytest.raises(CatalogueErrors) as caught:
        load(written(tmp_path, text))
    line = text[: text.index(blamed)].count("\n") + 1
    found = [item for item in caught.value.items if problem in item.problem]
    assert [(item.file, item.line) for item in found] == [(BANK, line)], str(caught.value)
    assert remedy in found[0].remedy


def test_a_topic_without_a_pass_mark(tmp_path: Path) -> None:
    text = changed(
        '    terms:\n      2012-01-01: {asks: 1, passes: 1, cite: "law#1", verified: false}\n',
        "    terms: {}\n",
    )
    with pytest.raises(CatalogueErrors, match="没有写明问几题、对几题"):
        load(written(tmp_path, text))


def test_not_the_name_of_its_file(tmp_path: Path) -> None:
    root = scheme_written(tmp_path, {"quizzes/other.yaml": TEXT})
    with pytest.raises(CatalogueErrors, match="编号“small”与文件名不符"):
        load(root)


def test_a_bank_that_is_no_yaml(tmp_path: Path) -> None:
    with pytest.raises(CatalogueErrors):
        load(written(tmp_path, "quiz: ["))


def test_a_paper_is_laid_out_by_its_own_edition_for_ever(tmp_path: Path) -> None:
    root = written(tmp_path)
    publish(root)
    before = load(root)
    more = TEXT.replace("    right: 1\n", "    right: 1\n    until: 2026-01-01\n") + TEXT.split(
        "questions:\n"
    )[1].replace("q1", "q2")
    (root / BANK).write_text(more, "utf-8")
    publish(root)
    after = check(root)
    assert len(after.banks["small"].questions) == 2
    old = before.banks["small"]
    assert load_bank(root, after, "small", old.edition) == old


@pytest.mark.parametrize(
    ("old", "new", "problem", "remedy"),
    [
        ("  q1:", "  q2:", "“q1”在版本", "写 until"),
        ("right: 1", "right: 2", "“q1”与版本", "另起一个编号"),
        ("text: 负全面责任", "text: 负责", "“duties.principal.1”与版本", "恢复旧的"),
        ("asks: 1, passes: 1", "asks: 2, passes: 1", "“law 2012-01-01”与版本", "恢复旧的"),
    ],
)
def test_what_was_published_stays(tmp_path: Path, old: str, new: str, problem: str, remedy: str) -> None:
    root = written(tmp_path)
    publish(root)
    (root / BANK).write_text(changed(old, new), "utf-8")
    with pytest.raises(CatalogueErrors) as caught:
        publish(root)
    assert problem in str(caught.value)
    assert remedy in str(caught.value)


def test_a_bank_that_is_gone(tmp_path: Path) -> None:
    root = written(tmp_path)
    publish(root)
    (root / BANK).unlink()
    with pytest.raises(CatalogueErrors, match="题库“small”在版本"):
        check(root)


def test_every_rule_that_is_asked_of_a_sample_of_people_has_questions() -> None:
    bank, scheme = catalogue().banks["taxi-2012"], catalogue().schemes["taxi-2012"]
    served = {rule for topic in bank.topics.values() for rule in topic.serves}
    assert served == {rule.id for rule in scheme.rules if rule.sample == "people"}
