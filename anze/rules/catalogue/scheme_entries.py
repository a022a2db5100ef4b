"""Schemes (考评标准): categories, headings, their totals, and what the source does not print.

Rule 1: the items of a category and its gap add up to its points, the categories and the scheme's gap to the
whole.
Rule 2: ids follow the printed numbering: scheme, category, heading, item, line: `taxi-2012.1.3.a.r3-2`.
Rule 3: a category that is not itemised has no headings and is a gap with its points.
"""

from __future__ import annotations

import re
from functools import partial

from anze.rules.catalogue.correction_entries import misreadings
from anze.rules.catalogue.item_entries import ItemReader
from anze.rules.catalogue.nodes import Entry, Node, count_of, id_of, pairs_of, refusal, text_of
from anze.rules.catalogue.problems import Problem
from anze.rules.catalogue.sample_entries import sample_of
from anze.rules.catalogue.schemes import Category, Gap, Heading, Item, SampleRule, Scheme
from anze.rules.catalogue.shelf import Shelf, citation

_ID = re.compile(r"[a-z]+(-[a-z0-9]+)*", re.ASCII)
_KEYS = ("scheme", "name", "trade", "code", "source", "points", "categories", "verified")
_OPTIONAL = ("samples", "missing", "repairs", "corrects")


class SchemeFile:
    """Reads one scheme. `places`: id of an item, rule or veto -> line of the file."""

    def __init__(self, node: Node, shelf: Shelf, stem: str, edition: str) -> None:
        self.entry = Entry(node, shelf.problems, _KEYS, _OPTIONAL)
        self.shelf = shelf
        self.edition = edition
        self.places: dict[str, int] = {}
        self.id = self.entry.text("scheme")
        if not _ID.fullmatch(self.id) or self.id != stem:
            raise self.entry.refusal(
                "scheme", f"编号“{self.id}”与文件名不符", f"编号写成“{stem}”，或改文件名"
            )
        self.samples = self._samples()

    def scheme(self) -> Scheme:
        entry, attempt = self.entry, self.shelf.problems.attempt
        nodes = entry.items("categories")
        read = [attempt(partial(self._category, node)) for node in nodes]
        categories = tuple(category for category in read if category is not None)
        points = count_of(entry["points"])
        gap = _gap(entry["missing"], self.shelf, whole=True) if "missing" in entry else None
        scheme = Scheme(
            id=self.id,
            name=entry.text("name"),
            trade=id_of(entry["trade"]),
            code=entry.text("code"),
            source=citation(entry["source"], self.shelf),
            points=points,
            categories=categories,
            samples=self.samples,
            gap=gap,
            repairs=tuple(text_of(item) for item in entry.items("repairs")),
            verified=entry.verified(),
            corrects=misreadings(entry["corrects"], self.shelf.problems) if "corrects" in entry else (),
            edition=self.edition,
        )
        if len(categories) == len(nodes):
            self._check(scheme)
        return scheme

    def _samples(self) -> dict[str, SampleRule]:
        if "samples" not in self.entry:
            return {}
        read = [sample_of(key, value, self.shelf) for key, value in pairs_of(self.entry["samples"])]
        return {sample.id: sample for sample in read}

    def _category(self, node: Node) -> Category:
        entry = Entry(
            node, self.shelf.problems, ("number", "name", "text", "points"), ("headings", "missing")
        )
        number, points = count_of(entry["number"]), count_of(entry["points"])
        category = f"{self.id}.{number}"
        nodes = entry.items("headings")
        headings = tuple(
            self._heading(heading, category, place) for place, heading in enumerate(nodes, start=1)
        )
        gap = _gap(entry["missing"], self.shelf) if "missing" in entry else None
        printed = sum(item.points or 0 for heading in headings for item in heading.items)
        if printed + (gap.points if gap else 0) != points:
            problem = f"类目“{entry.text('name')}”共 {points} 分，各要点合计 {printed} 分"
            remedy = (
                "核对原文；原文未印的分写入 missing" if gap is None else f"missing 应为 {points - printed} 分"
            )
            raise entry.refusal("points", problem, remedy)
        return Category(category, number, entry.text("name"), entry.text("text"), points, headings, gap)

    def _heading(self, node: Node, category: str, place: int) -> Heading:
        entry = Entry(node, self.shelf.problems, ("number", "name", "text", "items"))
        number = count_of(entry["number"])
        if number != place:
            raise entry.refusal(
                "number", f"项目编号 {number} 不按顺序，此处应为 {place}", "编号照原文从小到大"
            )
        heading = f"{category}.{number}"
        reader = ItemReader(self.shelf, heading, tuple(self.samples))
        items: list[Item] = []
        for index, item in enumerate(entry.items("items")):
            items.append(reader.item(item, chr(ord("a") + index)))
            self._place(items[-1], item.line)
        return Heading(heading, number, entry.text("name"), entry.text("text"), tuple(items))

    def _place(self, item: Item, line: int) -> None:
        veto = () if item.veto is None else (item.veto.id,)
        self.places.update(dict.fromkeys((item.id, *(rule.id for rule in item.rules), *veto), line))

    def _check(self, scheme: Scheme) -> None:
        self._check_numbers(scheme)
        total = sum(category.points for category in scheme.categories)
        missing = 0 if scheme.gap is None else scheme.gap.points
        if total + missing != scheme.points:
            problem = f"标准共 {scheme.points} 分，各类目合计 {total} 分，写明未印 {missing} 分"
            raise self.entry.refusal(
                "points", problem, f"核对原文；未印的类目在 missing 写 {scheme.points - total} 分"
            )
        rules = {rule.id for rule in scheme.rules}
        for rule in scheme.rules:
            for matter in rule.matters:
                if matter.elsewhere is not None and matter.elsewhere not in rules:
                    line = self.places[rule.id]
                    problem = f"“{matter.name}”所指的扣分“{matter.elsewhere}”不存在"
                    self.shelf.problems.add(
                        Problem(self.entry.node.file, line, problem, "按“5.1.a.r1”的样子写本标准中的扣分")
                    )

    def _check_numbers(self, scheme: Scheme) -> None:
        """Each category stands once, as itself or in the gap, in printed order."""
        numbers = [category.number for category in scheme.categories]
        gap = () if scheme.gap is None else scheme.gap.categories
        if numbers != sorted(set(numbers)) or sorted([*numbers, *gap]) != list(
            range(1, len(numbers) + len(gap) + 1)
        ):
            remedy = "类目照原文从小到大写；未印的类目写入 missing 的 categories"
            raise self.entry.refusal("categories", "类目的编号不连续", remedy)


def _gap(node: Node, shelf: Shelf, whole: bool = False) -> Gap:
    keys = ("points", "why", "verified")
    entry = Entry(node, shelf.problems, ("categories", *keys) if whole else keys)
    categories = tuple(count_of(item) for item in entry.items("categories"))
    if whole and not categories:
        raise refusal(node, "没有写明缺哪些类目", "在 categories 写出编号，或删去 missing")
    return Gap(count_of(entry["points"]), entry.text("why"), categories, entry.verified())
