"""How much of a scheme is decided by facts, how much is asked of persons, how much needs a sample.

Rule 1: a deduction is answered by facts when records can decide it; one-way where they only show the loss.
Rule 2: one that needs a sample counts as such whoever answers it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from anze.rules.catalogue.schemes import Category, Item, Method, Scheme


@dataclass(frozen=True, slots=True)
class SchemeCoverage:
    """Counts of one category, or of several together."""

    items: int = 0
    points: int = 0  # printed with items
    missing: int = 0  # points that the source does not print
    rules: int = 0
    by_facts: int = 0
    one_way: int = 0  # of these: facts can only show the loss
    asked: int = 0
    sampled: int = 0
    documents: int = 0  # rules whose method is 查资料
    documents_by_facts: int = 0
    vetoes: int = 0
    vetoes_by_facts: int = 0

    def __add__(self, other: SchemeCoverage) -> SchemeCoverage:
        return SchemeCoverage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def scheme_coverage(scheme: Scheme) -> list[tuple[Category, SchemeCoverage]]:
    """By category, in printed order. The scheme's own gap is in none of them."""
    return [(category, _of_category(category)) for category in scheme.categories]


def total(scheme: Scheme) -> SchemeCoverage:
    counted = sum((part for _, part in scheme_coverage(scheme)), SchemeCoverage())
    return counted + SchemeCoverage(missing=0 if scheme.gap is None else scheme.gap.points)


def _of_category(category: Category) -> SchemeCoverage:
    missing = SchemeCoverage(missing=0 if category.gap is None else category.gap.points)
    return sum((_of_item(item) for item in category.items), missing)


def _of_item(item: Item) -> SchemeCoverage:
    answered = [rule for rule in item.rules if rule.questions]
    by_documents = [rule for rule in item.rules if item.checks and rule.method is Method.DOCUMENTS]
    return SchemeCoverage(
        items=1,
        points=item.points or 0,
        rules=len(item.rules),
        by_facts=len(answered),
        one_way=sum(rule.one_way for rule in answered),
        asked=len(item.rules) - len(answered),
        sampled=sum(rule.sample is not None for rule in item.rules),
        documents=len(by_documents),
        documents_by_facts=sum(bool(rule.questions) for rule in by_documents),
        vetoes=int(item.veto is not None),
        vetoes_by_facts=int(item.veto is not None and bool(item.veto.questions)),
    )
