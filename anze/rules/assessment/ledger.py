"""The ledger: answers into deductions, deductions into the points of items, categories and the whole.

Rule 1: deductions are taken in printed order and stop at what the item has; no line adds points.
Rule 2: what another rule deducts for is not deducted twice (不重复扣分); the line stays, with 0 points.
Rule 3: an item that does not apply has full points where the print says so (视为符合); else it leaves the
sum, and the regime says whether the rest is scaled up (缺项).
Rule 4: what nobody has answered is open: `score` counts it as kept, `least` as lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from anze.rules.assessment.model import Answer, AnswerError, Omission, Standpoint, settle
from anze.rules.catalogue.schemes import Category, Deduct, Item, Regime, Rule, Scheme


@dataclass(frozen=True, slots=True)
class Deduction:
    """One line of the ledger."""

    rule: Rule
    answer: Answer
    over: tuple[Answer, ...]  # answers that it spoke over
    wanted: int  # points by the rule, its own cap included
    points: int  # points that the item still had to lose
    elsewhere: tuple[str, ...] = ()  # matters that another rule deducts for


class State(StrEnum):
    SCORED = "scored"
    OPEN = "open"  # some rule is not answered
    FULFILLED = "fulfilled"  # 视为符合
    OMITTED = "omitted"  # 缺项
    CUT = "cut"  # its points are not printed


@dataclass(frozen=True, slots=True)
class ItemScore:
    item: Item
    state: State
    points: int  # that it counts for; 0 where it does not apply or is cut
    score: int
    least: int  # if everything open is lost
    deductions: tuple[Deduction, ...] = ()
    open: tuple[str, ...] = ()  # rules that nobody has answered
    omission: Omission | None = None

    @property
    def lost(self) -> int:
        return self.points - self.score


@dataclass(frozen=True, slots=True)
class CategoryScore:
    category: Category
    points: int
    score: int
    least: int
    missing: int  # points that the source does not print
    items: tuple[ItemScore, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A scored scheme. `score` and `least`: of the printed items, scaled where some are omitted."""

    scheme: Scheme
    regime: Regime
    categories: tuple[CategoryScore, ...]
    points: int  # printed, those of omitted items included
    omitted: int
    missing: int
    scale: Fraction
    score: Fraction
    least: Fraction
    standpoints: Mapping[str, Standpoint]

    @property
    def items(self) -> tuple[ItemScore, ...]:
        return tuple(item for category in self.categories for item in category.items)

    @property
    def open(self) -> tuple[str, ...]:
        return tuple(rule for item in self.items for rule in item.open)

    @property
    def whole(self) -> int:
        """The score as a number of points: never rounded in the company's favour."""
        return floor(self.score)

    @property
    def best(self) -> Fraction:
        """If everything that the source does not print were kept."""
        return self.score + self.missing


def assess(
    scheme: Scheme, regime: Regime, answers: Iterable[Answer], omissions: Iterable[Omission] = ()
) -> Assessment:
    """Raises AnswerError where an answer or an omission cannot be taken."""
    standpoints = settle(scheme, answers)
    omitted = _omitted(scheme, omissions)
    categories = tuple(_category(category, standpoints, omitted) for category in scheme.categories)
    items = [item for category in categories for item in category.items]
    points = sum(item.points or 0 for item in scheme.items)
    gone = sum(one.item.points or 0 for one in items if one.state is State.OMITTED)
    scale = _scale(points, gone, regime)
    return Assessment(
        scheme=scheme,
        regime=regime,
        categories=categories,
        points=points,
        omitted=gone,
        missing=scheme.missing,
        scale=scale,
        score=sum(item.score for item in items) * scale,
        least=sum(item.least for item in items) * scale,
        standpoints=standpoints,
    )


def _scale(points: int, gone: int, regime: Regime) -> Fraction:
    if not regime.rescale or gone == points:
        return Fraction(1)
    return Fraction(points, points - gone)


def _omitted(scheme: Scheme, omissions: Iterable[Omission]) -> dict[str, Omission]:
    known = {item.id for item in scheme.items}
    omitted: dict[str, Omission] = {}
    for omission in omissions:
        if omission.item not in known:
            raise AnswerError(f"标准“{scheme.name}”中没有“{omission.item}”。")
        if not omission.reason.strip():
            raise AnswerError(f"“{omission.item}”不适用，须写明原因。")
        if omission.item in omitted:
            raise AnswerError(f"“{omission.item}”写了两次不适用。")
        omitted[omission.item] = omission
    return omitted


def _category(
    category: Category, standpoints: Mapping[str, Standpoint], omitted: Mapping[str, Omission]
) -> CategoryScore:
    items = tuple(_item(item, standpoints, omitted.get(item.id)) for item in category.items)
    return CategoryScore(
        category=category,
        points=sum(item.points for item in items),
        score=sum(item.score for item in items),
        least=sum(item.least for item in items),
        missing=0 if category.gap is None else category.gap.points,
        items=items,
    )


def _item(item: Item, standpoints: Mapping[str, Standpoint], omission: Omission | None) -> ItemScore:
    if item.points is None:
        return ItemScore(item, State.CUT, 0, 0, 0)
    if omission is not None:
        state = State.FULFILLED if item.fulfilled else State.OMITTED
        points = item.points if item.fulfilled else 0
        return ItemScore(item, state, points, points, points, omission=omission)
    deductions, left = [], item.points
    for rule in item.rules:
        if rule.id in standpoints:
            deduction = _deduction(rule, standpoints[rule.id], left)
            left -= deduction.points
            deductions.append(deduction)
    unanswered = [rule for rule in item.rules if rule.id not in standpoints]
    least = max(0, left - sum(_worst(rule, item.points) for rule in unanswered))
    state = State.OPEN if unanswered else State.SCORED
    names = tuple(rule.id for rule in unanswered)
    return ItemScore(item, state, item.points, left, least, tuple(deductions), names)


def _deduction(rule: Rule, standpoint: Standpoint, left: int) -> Deduction:
    answer = standpoint.answer
    named = {matter.id for matter in rule.matters if matter.elsewhere is not None}
    elsewhere = tuple(sorted(named.intersection(answer.matters)))
    wanted = _wanted(rule, answer.count - len(elsewhere))
    return Deduction(rule, answer, standpoint.over, wanted, min(wanted, left), elsewhere)


def _wanted(rule: Rule, count: int) -> int:
    if rule.deduct is Deduct.JUDGED:
        return count
    points = count * rule.points
    return points if rule.most is None else min(points, rule.most)


def _worst(rule: Rule, points: int) -> int:
    """The most that a rule can take from an item."""
    if rule.deduct is Deduct.PER:
        return points if rule.most is None else rule.most
    return rule.points
