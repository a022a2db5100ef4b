"""Words of an assessment in templates: numbers of conditions, methods, who answered, causes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from django import template

from anze.records.assessments import queries, words
from anze.rules.assessment import How
from anze.rules.assessment.ledger import Deduction, State
from anze.rules.catalogue.schemes import Grade, Method

register = template.Library()
register.filter("number", words.number_of)
register.filter("condition", words.condition_named)


@register.filter("floor")
def whole(value: Fraction) -> int:
    return floor(value)


@register.filter
def method(value: Method) -> str:
    return words.METHODS[value]


@register.filter
def how(value: How) -> str:
    return words.HOWS[value]


@register.filter
def item_state(value: State) -> str:
    return words.ITEM_STATES[value]


@register.filter
def cause(deduction: Deduction) -> str:
    return queries.cause(deduction)


@register.filter
def grade(value: Grade) -> str:
    return words.GRADES[value]


@register.filter
def points_of(losses: Sequence[queries.Loss]) -> int:
    return sum(loss.points for loss in losses)


@register.filter
def met_of(vetoes: Sequence[queries.VetoRow]) -> int:
    return sum(veto.met is True for veto in vetoes)


@register.simple_tag
def diff(now: int, before: int) -> str:
    """比上一期多 12 分."""
    if now == before:
        return "与上一期相同"
    return f"比上一期{'多' if now > before else '少'} {abs(now - before)} 分"
