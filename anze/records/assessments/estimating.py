"""What records alone say to the standard of a company's trade: an estimate (按记录测算), no assessment.

Nobody judges: what no record answers counts as kept. It is made anew, company by company, and replaces the
one before; it proves nothing, so that it leaves nothing in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.assessments import words
from anze.records.assessments.books import books_of
from anze.records.assessments.models import Estimate
from anze.records.assessments.planning import schemes_for
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import companies_in_scope, company
from anze.rules import assessment as rules
from anze.rules.catalogue.schemes import Scheme, regime_on

WORST = 5


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """`decided` of `conditions`: deductions and vetoes that records answer. `worst`: item and points."""

    on: date
    scheme: str  # its name
    points: int
    score: int
    lost: int
    decided: int
    conditions: int
    vetoes_failed: int
    worst: Sequence[tuple[str, int]]

    @property
    def share(self) -> int:
        """Percent of the standard that records answer."""
        return 100 * self.decided // max(1, self.conditions)


def waiting(*, again: bool = False) -> list[int]:
    """Companies in scope of whose trade a standard is known and who have no estimate of today yet."""
    require("estimate")
    editions = {trade: scheme.edition for trade, scheme in _schemes().items()}
    made = Estimate.objects.filter(on=current().today).values_list("company", "edition")
    known = frozenset() if again else frozenset(made)
    return [
        one.id
        for one in companies_in_scope()
        if one.trade in editions and (one.id, editions[one.trade]) not in known
    ]


def estimate(*, company_id: int) -> bool:
    """False: no standard of its trade is known."""
    require("estimate")
    scope = current()
    standard = _schemes().get(company(company_id).trade)
    regime = regime_on(lawbook().regimes, scope.today)
    if standard is None or regime is None:
        return False
    books = books_of(company_id, standard, None, scope.today)
    found = rules.forecast(standard, regime, books, (), scope.today)
    Estimate.objects.update_or_create(company_id=company_id, defaults=_columns(standard, found))
    return True


def _columns(standard: Scheme, found: rules.Assessment) -> dict[str, object]:
    scope = current()
    vetoes = {veto.id for veto in standard.vetoes}
    failed = [key for key, one in found.standpoints.items() if key in vetoes and one.answer.count]
    losing = sorted((item for item in found.items if item.lost), key=lambda item: -item.lost)
    return {
        "scheme": standard.id,
        "edition": standard.edition,
        "on": scope.today,
        "made_at": scope.at,
        "points": found.points,
        "score": found.whole,
        "lost": sum(item.lost for item in losing),
        "decided": len(found.standpoints),
        "conditions": len(standard.rules) + len(vetoes),
        "vetoes_failed": len(failed),
        "worst": [[item.item.id, item.lost] for item in losing[:WORST]],
    }


def _schemes() -> Mapping[str, Scheme]:
    """Trade -> the standard by which its companies are assessed: of several the first."""
    trades = {scheme.trade for scheme in lawbook().schemes.values()}
    return {trade: schemes_for(trade)[0] for trade in sorted(trades)}


def estimates_of(company_ids: Sequence[int]) -> dict[int, EstimateRow]:
    """Of companies in scope that have one."""
    require("see_company")
    rows = Estimate.objects.filter(company__in=company_ids)
    return {row.company_id: _row(row) for row in rows}


def _row(row: Estimate) -> EstimateRow:
    known = lawbook().schemes.get(row.scheme)
    return EstimateRow(
        on=row.on,
        scheme=row.scheme if known is None else known.name,
        points=row.points,
        score=row.score,
        lost=row.lost,
        decided=row.decided,
        conditions=row.conditions,
        vetoes_failed=row.vetoes_failed,
        worst=[(words.number_of(item), points) for item, points in row.worst],
    )
