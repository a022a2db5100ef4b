"""The taxi scheme is the published standard, character by character, and its numbers are the printed ones.

`taxi_standard.txt` is the text of the document: a line for each of its pages. A page begins with the category
and the heading that run on it, so these are left out where the page before has printed them already. Spaces
are layout and left out. What the source has lost is lost here too: `repair` stands beside the print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from anze.rules.catalogue.schemes import Deduct, DeductionLine, Grade, Item, Rule, Scheme
from tests.rules.catalogue.cases import catalogue

TAXI = catalogue().schemes["taxi-2012"]
POINTS = {1: 35, 2: 40, 3: 45, 4: 70, 5: 50, 6: 90, 7: 90, 8: 90}
PRINTED_GRADES = {"二、三级": {Grade.SECOND, Grade.THIRD}, "二级": {Grade.SECOND}, "一": {Grade.FIRST}}


def squeezed(text: str) -> str:
    return "".join(text.split())


def pages() -> list[str]:
    lines = (Path(__file__).parent / "taxi_standard.txt").read_text("utf-8").splitlines()
    return [squeezed(line.removeprefix("@@")) for line in lines if line.startswith("@@")]


def document() -> str:
    """The pages as one text, without the heads that only repeat."""
    text = ""
    for page in pages():
        for category in TAXI.categories:
            for heading in category.headings:
                if page.startswith(squeezed(category.text + heading.text)):
                    text += _without_head(page, squeezed(category.text), squeezed(heading.text), text)
                    break
    return text


def _without_head(page: str, category: str, heading: str, before: str) -> str:
    if category not in before:
        return page
    page = page.removeprefix(category)
    return page.removeprefix(heading) if heading in before[before.index(category) :] else page


def printed() -> str:
    return squeezed("".join(_category_print(TAXI)))


def _category_print(scheme: Scheme) -> Iterator[str]:
    for category in scheme.categories:
        yield category.text
        for heading in category.headings:
            yield heading.text
            for item in heading.items:
                yield from item_print(item)


def item_print(item: Item) -> Iterator[str]:
    yield item.text
    for check in item.checks:
        yield check.label
        yield from check.lines
    yield "" if item.points is None else str(item.points)
    yield from (line.text for line in item.lines)
    yield from (note.text for note in item.notes)
    yield "" if item.veto is None else item.veto.text


def lines() -> list[DeductionLine]:
    return [line for item in TAXI.items for line in item.lines]


def test_every_page_is_part_of_the_document() -> None:
    kept = sum(len(page) for page in pages())
    assert len(pages()) == 21
    assert 0 < kept - len(document()) < 21 * 40, "only heads of pages are left out"


def test_every_printed_character_is_there_in_order() -> None:
    assert printed() == document()


def test_the_title_is_the_documents() -> None:
    first = (Path(__file__).parent / "taxi_standard.txt").read_text("utf-8").splitlines()[0]
    assert first.endswith(TAXI.name)


def test_points_are_the_printed_ones() -> None:
    assert {category.number: category.points for category in TAXI.categories} == POINTS
    for category in TAXI.categories:
        assert category.text.endswith(f"{category.name}{category.points}分")
    assert sum(item.points or 0 for item in TAXI.items) == 475
    assert TAXI.missing == 525


def test_what_is_cut_says_so() -> None:
    (cut,) = [item for item in TAXI.items if item.points is None]
    assert (cut.id, cut.rules, cut.veto) == ("taxi-2012.8.4.b", (), None)
    assert cut.repair is not None


@pytest.mark.parametrize("rule", TAXI.rules, ids=lambda rule: rule.id)
def test_a_deduction_is_the_printed_one(rule: Rule) -> None:
    item = next(item for item in TAXI.items if item.id == rule.item)
    if "不得分" in rule.text:
        assert (rule.deduct, rule.points) == (Deduct.ALL, item.points)
    else:
        assert re.findall(r"扣(\d+)分", rule.text)[0] == str(rule.points)
        assert (rule.deduct is Deduct.PER) == (COUNTED.search(rule.text) is not None)
        assert rule.most == (5 if "扣至5分止" in rule.text else None)


COUNTED = re.compile(r"[每1l](缺1)?(项|人|车|次|岗位|少1个|缺1个|个|项制度)")


def test_no_deduction_of_a_line_is_left_out() -> None:
    for line in lines():
        amounts = len(re.findall(r"不得分|(?<!不重复)扣(?=\d+分(?!止))|扣至", line.text))
        assert amounts - line.text.count("扣至") == len(line.rules), line.text


def test_vetoes_bind_the_printed_grades() -> None:
    for veto in TAXI.vetoes:
        match = re.match(r"申请(二、三级|二级|一)", veto.text)
        assert match is not None
        assert veto.binds == PRINTED_GRADES[match[1]]
    assert len(TAXI.vetoes) == sum("申请" in line for line in re.split(r"(?=申请[一二三])", document())[1:])


def test_damage_is_explained() -> None:
    """Where the print has lost a name or a sign, a repair stands beside it."""
    damaged = [line for line in lines() if re.search(r"l项|L10|、存在|相关件", line.text)]
    assert len(damaged) == 5
    assert all(line.repair for line in damaged)


def test_samples_are_asked_for_where_the_print_does() -> None:
    for item in TAXI.items:
        text = "".join([*(line.text for line in item.lines), *(note.text for note in item.notes)])
        named = [*(line.sample for line in item.lines), *(note.sample for note in item.notes)]
        assert ("抽查数量" in text or "抽查考核数量" in text or "数同上" in text) == any(named), item.id
