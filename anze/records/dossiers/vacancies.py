"""Posts that the law asks for and nobody holds today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import current
from anze.records.lawbook import lawbook
from anze.records.people.leading import post_named
from anze.records.people.models import Holding
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.dossier_model import StatutoryPost


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that the law asks for and nobody holds today. `since`: the day the last holder left."""

    post: StatutoryPost
    position: str
    name: str
    since: date | None


def vacancies(company: CompanyRow) -> list[Vacancy]:
    today = current().today
    asked = [
        (post, f"{company.trade}.{post.post}")
        for post in lawbook().dossiers.statutory
        if not post.trades or company.trade in post.trades
    ]
    held: dict[str, date | None] = {}
    rows = Holding.objects.filter(
        company=company.id, position__in=[p for _, p in asked], since__lte=today
    ).values_list("position", "until")
    for position, until in rows:
        before = held.get(position, date.min)
        held[position] = None if until is None or before is None else max(before, until)
    found = []
    for post, position in asked:
        last = held.get(position, date.min)
        if last is not None and last <= today:
            named = post_named(position)
            found.append(
                Vacancy(post, position, named.name if named else position, last if last > date.min else None)
            )
    return found
