"""Items of a scheme (考评要点): check methods, deductions line by line, notes, veto.

Rule 1: a deduction per count has its unit; no deduction is larger than what its item has.
Rule 2: an item without printed deductions is judged whole; one without printed points says why.
Rule 3: of two deductions in one printed line the second is `r3-2`; each names its own words of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    choice_of,
    count_of,
    id_of,
    pairs_of,
    refusal,
    text_of,
    word_of,
)
from anze.rules.catalogue.question_entries import questions_of
from anze.rules.catalogue.schemes import (
    Check,
    Deduct,
    DeductionLine,
    Grade,
    Item,
    Matter,
    Method,
    Note,
    Rule,
    Unit,
    Veto,
)
from anze.rules.catalogue.shelf import Shelf

_OPTIONAL = (
    "methods", "points", "deductions", "notes", "fulfilled", "veto", "stars", "repair",
)  # fmt: skip
_RULE = ("text", "method", "points", "unit", "most", "answers", "one_way", "matters", "sample")
_NUMBERED = re.compile(r"(\d+)\.", re.ASCII)
GRADES = tuple(Grade)


class ItemReader:
    """Reads the items under one heading. `samples`: the scheme's ladders."""

    def __init__(self, shelf: Shelf, heading: str, samples: Sequence[str]) -> None:
        self.shelf = shelf
        self.heading = heading
        self.samples = tuple(samples)

    def item(self, node: Node, part: str) -> Item:
        entry = Entry(node, self.shelf.problems, ("part", "text"), _OPTIONAL)
        if entry.text("part") != part:
            raise entry.refusal(
                "part", f"要点“{entry.text('part')}”不按顺序，此处应为 {part}", "part 依次写 a、b、c"
            )
        item = f"{self.heading}.{part}"
        points = count_of(entry["points"]) if "points" in entry else None
        if points is None and ("deductions" in entry or "repair" not in entry):
            raise refusal(node, "要点没有分值", "填写 points；原文未印的，不写扣分，并在 repair 说明")
        checks = tuple(self._check(check) for check in entry.items("methods"))
        lines = tuple(self._lines(entry, item, points or 0, checks))
        return Item(
            id=item,
            text=entry.text("text"),
            points=points,
            checks=checks,
            lines=lines,
            judged=_judged(item, points, checks) if points and not lines else None,
            notes=tuple(self._note(note) for note in entry.items("notes")),
            fulfilled=entry.text_if("fulfilled"),
            veto=self._veto(entry["veto"], item) if "veto" in entry else None,
            stars=frozenset(Grade(word) for word in entry.words("stars", GRADES, "等级")),
            repair=entry.text_if("repair"),
        )

    def _check(self, node: Node) -> Check:
        entry = Entry(node, self.shelf.problems, ("method", "label", "lines"), ("repair",))
        lines = tuple(text_of(line) for line in entry.items("lines"))
        if not lines:
            raise entry.refusal("lines", "考评方法没有内容", "照原文写明查什么、问什么")
        method = choice_of(entry["method"], Method, "考评方法")
        return Check(method, entry.text("label"), lines, entry.text_if("repair"))

    def _lines(
        self, entry: Entry, item: str, points: int, checks: tuple[Check, ...]
    ) -> Iterator[DeductionLine]:
        for number, node in enumerate(entry.items("deductions"), start=1):
            line = Entry(node, self.shelf.problems, ("number", "text"), ("rules", "sample", "repair"))
            text = line.text("text")
            printed = _NUMBERED.match(text)
            if count_of(line["number"]) != number or (printed and int(printed[1]) != number):
                raise line.refusal("number", f"编号不按原文顺序，此处应为 {number}", "编号照原文从小到大")
            if not ("rules" in line or "sample" in line):
                raise refusal(node, f"第 {number} 条没有着落", "写 rules；只说抽样的写 sample")
            rules = line.items("rules")
            read = [
                self._rule(
                    rule,
                    item,
                    f"r{number}" + (f"-{place}" if place > 1 else ""),
                    points,
                    checks,
                    text,
                    len(rules),
                )
                for place, rule in enumerate(rules, start=1)
            ]
            yield DeductionLine(number, text, tuple(read), self._sample(line), line.text_if("repair"))

    def _sample(self, entry: Entry) -> str | None:
        return word_of(entry["sample"], self.samples, "抽样") if "sample" in entry else None

    def _rule(
        self, node: Node, item: str, key: str, points: int, checks: tuple[Check, ...], line: str, among: int
    ) -> Rule:
        entry = Entry(node, self.shelf.problems, ("deduct",), _RULE)
        deduct = Deduct(word_of(entry["deduct"], ("all", "fixed", "per"), "扣分方法"))
        text = _words(entry, line, among)
        return Rule(
            id=f"{item}.{key}",
            item=item,
            text=text,
            method=_method(entry, checks),
            deduct=deduct,
            points=_points(entry, deduct, points),
            unit=_unit(entry, deduct),
            most=_most(entry, deduct, points),
            questions=questions_of(entry["answers"], self.shelf) if "answers" in entry else (),
            one_way=_one_way(entry),
            matters=tuple(self._matters(entry)),
            sample=self._sample(entry),
        )

    def _matters(self, entry: Entry) -> Iterator[Matter]:
        if "matters" not in entry:
            return
        scheme = self.heading.split(".")[0]
        for key, value in pairs_of(entry["matters"]):
            matter = Entry(value, self.shelf.problems, ("name",), ("elsewhere",))
            elsewhere = matter.text_if("elsewhere")
            yield Matter(id_of(key), matter.text("name"), elsewhere and f"{scheme}.{elsewhere}")

    def _note(self, node: Node) -> Note:
        entry = Entry(node, self.shelf.problems, ("text",), ("sample",))
        return Note(entry.text("text"), self._sample(entry))

    def _veto(self, node: Node, item: str) -> Veto:
        entry = Entry(node, self.shelf.problems, ("text", "binds"), ("answers", "one_way", "repair"))
        binds = frozenset(Grade(word) for word in entry.words("binds", GRADES, "等级"))
        if not binds:
            raise entry.refusal("binds", "否决项没有写明约束哪些等级", "照原文写，如 [second, third]")
        return Veto(
            id=f"{item}.v",
            item=item,
            text=entry.text("text"),
            binds=binds,
            questions=questions_of(entry["answers"], self.shelf) if "answers" in entry else (),
            one_way=_one_way(entry),
            repair=entry.text_if("repair"),
        )


def _judged(item: str, points: int, checks: tuple[Check, ...]) -> Rule:
    method = checks[0].method if checks else Method.DOCUMENTS
    return Rule(f"{item}.r0", item, "扣分办法未印，由考评人判定扣多少分", method, Deduct.JUDGED, points)


def _words(entry: Entry, line: str, among: int) -> str:
    """The rule's own words of the printed line."""
    if "text" not in entry:
        if among > 1:
            raise refusal(entry.node, "同一条有几项扣分，没有写明是哪一项", "用 text 摘录本项的原文")
        return line
    if entry.text("text") not in line:
        raise entry.refusal("text", "摘录与原文不符", "逐字摘录本条原文中的一段")
    return entry.text("text")


def _method(entry: Entry, checks: tuple[Check, ...]) -> Method:
    methods = list(dict.fromkeys(check.method for check in checks))
    if "method" in entry:
        return Method(word_of(entry["method"], methods, "考评方法"))
    if len(methods) != 1:
        raise refusal(entry.node, "看不出凭哪种方法考评", "用 method 写明，须是本要点印有的方法")
    return methods[0]


def _points(entry: Entry, deduct: Deduct, points: int) -> int:
    if (deduct is Deduct.ALL) == ("points" in entry):
        raise refusal(entry.node, "扣分方法与分数不符", "all 不写 points，fixed 和 per 写明扣几分")
    if deduct is Deduct.ALL:
        return points
    lost = count_of(entry["points"])
    if lost > points:
        raise entry.refusal("points", f"扣 {lost} 分多于本要点的 {points} 分", "核对原文的分值和扣分")
    return lost


def _unit(entry: Entry, deduct: Deduct) -> Unit | None:
    if (deduct is Deduct.PER) != ("unit" in entry):
        problem = "按次数扣分而没有单位" if deduct is Deduct.PER else "不按次数扣分而写了单位"
        raise refusal(
            entry.node, problem, f"per 写 unit，其他不写；可用：{'、'.join(unit.value for unit in Unit)}"
        )
    return choice_of(entry["unit"], Unit, "单位") if "unit" in entry else None


def _most(entry: Entry, deduct: Deduct, points: int) -> int | None:
    if "most" not in entry:
        return None
    most = count_of(entry["most"])
    if deduct is not Deduct.PER or most > points:
        raise entry.refusal("most", f"扣至 {most} 分止与本项不符", "只有 per 写 most，且不多于本要点的分值")
    return most


def _one_way(entry: Entry) -> bool:
    one_way = entry.flag_or("one_way", False)
    if one_way and "answers" not in entry:
        raise entry.refusal("one_way", "没有写明凭什么判定", "补上 answers，或删去 one_way")
    return one_way
