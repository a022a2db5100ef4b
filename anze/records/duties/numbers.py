"""The row of a company's own number: a commitment, a stricter number, or the end of one."""

from __future__ import annotations

from datetime import date

from anze.records.acting.context import current
from anze.records.duties.models import Commitment
from anze.records.journal.actions import digest_of
from anze.rules.catalogue.model import Limit, Term

Row = tuple[str, int, str]


def store(company_id: int, requirement: str, term: Term | None, *, since: date, reason: str) -> Row:
    """What is journalled of it: label, id, digest. `term` None: law and place speak again from the day."""
    scope = current()
    row, _ = Commitment.objects.update_or_create(
        company_id=company_id,
        requirement=requirement,
        since=since,
        defaults={
            **_numbers(term),
            "ended": term is None,
            "reason": reason.strip(),
            "decided_by": scope.actor.name,
            "decided_at": scope.at,
        },
    )
    content = {
        "requirement": requirement,
        "since": since.isoformat(),
        "every": row.every,
        "times": row.times,
        "within": _said(term.within) if term else None,
    }
    if term is None or term.before is not None:
        content |= {"before": _said(term.before) if term else None, "ended": term is None}
    return "duties.commitment", row.pk, digest_of(content)


def _numbers(term: Term | None) -> dict[str, str | int | None]:
    within, before = (term.within, term.before) if term else (None, None)
    return {
        "every": term.every.value if term and term.every else None,
        "times": term.times if term else 1,
        "within_amount": within.amount if within else None,
        "within_unit": within.unit.value if within else None,
        "before_amount": before.amount if before else None,
        "before_unit": before.unit.value if before else None,
    }


def _said(limit: Limit | None) -> str | None:
    return f"{limit.amount} {limit.unit.value}" if limit else None
