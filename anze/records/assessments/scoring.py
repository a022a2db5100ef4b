"""From what is stored to a scored assessment: by the pinned edition, so for ever the same number.

Rule 1: the first score is of facts, of the team and of what does not apply; the second has the reviewer's
answers in the place of the team's. The second counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from anze.records.acting.context import current
from anze.records.assessments import models
from anze.records.assessments.access import regime, scheme
from anze.records.assessments.books import books_of
from anze.records.assessments.models import Assessment as Row
from anze.rules import assessment as rules
from anze.rules.assessment import Answer, Assessment, How, Omission


def scored(row: Row, *, review: bool = True) -> Assessment:
    """`review` False: as the team left it."""
    scope, key = current(), ("assessments.scored", row.pk, review)
    if key not in scope.memo:
        answers = second(row) if review else first(row)
        scope.memo[key] = rules.assess(scheme(row), regime(row), answers, omissions(row))
    found: Assessment = scope.memo[key]
    return found


def forecast(row: Row, day: date) -> Assessment:
    """On a later day, if nothing more is recorded."""
    books = books_of(row.company_id, scheme(row), row.since, day)
    return rules.forecast(scheme(row), regime(row), books, second(row), day, omissions(row))


def first(row: Row) -> list[Answer]:
    return [*automatic(row), *(_answer(one) for one in standing(row) if not one.review)]


def second(row: Row) -> list[Answer]:
    reviewed = {one.condition: _answer(one) for one in standing(row) if one.review}
    kept = [
        answer
        for answer in first(row)
        if answer.condition not in reviewed or answer.how is not reviewed[answer.condition].how
    ]
    return [*kept, *reviewed.values()]


def automatic(row: Row) -> list[Answer]:
    return [
        Answer(f.condition, f.count, How.AUTOMATIC, tuple(f.facts), tuple(f.subjects), until=f.until)
        for f in findings(row).values()
        if f.count is not None
    ]


def findings(row: Row) -> dict[str, models.Finding]:
    scope, key = current(), ("assessments.findings", row.pk)
    if key not in scope.memo:
        rows = models.Finding.objects.filter(assessment=row)
        scope.memo[key] = {found.condition: found for found in rows}
    known: dict[str, models.Finding] = scope.memo[key]
    return known


def standing(row: Row) -> list[models.Answer]:
    """Of persons, with their names; what was replaced is left out."""
    scope, key = current(), ("assessments.answers", row.pk)
    if key not in scope.memo:
        rows = models.Answer.objects.filter(assessment=row, replaced_at=None)
        scope.memo[key] = list(rows.select_related("person").order_by("pk"))
    known: list[models.Answer] = scope.memo[key]
    return known


def omissions(row: Row) -> list[Omission]:
    return [Omission(one.item, one.person_id, one.reason) for one in omitted(row)]


def omitted(row: Row) -> Iterable[models.Omission]:
    scope, key = current(), ("assessments.omissions", row.pk)
    if key not in scope.memo:
        rows = models.Omission.objects.filter(assessment=row, ended_at=None)
        scope.memo[key] = list(rows.select_related("person").order_by("pk"))
    known: list[models.Omission] = scope.memo[key]
    return known


def drawn(row: Row) -> dict[str, models.Sample]:
    """Sample of the scheme -> as it was drawn."""
    scope, key = current(), ("assessments.samples", row.pk)
    if key not in scope.memo:
        rows = models.Sample.objects.filter(assessment=row).select_related("person")
        rows = rows.prefetch_related("replaced")
        scope.memo[key] = {one.rule: one for one in rows}
    known: dict[str, models.Sample] = scope.memo[key]
    return known


def _answer(one: models.Answer) -> Answer:
    return Answer(
        one.condition,
        one.count,
        How(one.how),
        matters=tuple(one.matters),
        person=one.person_id,
        reason=one.reason,
    )
