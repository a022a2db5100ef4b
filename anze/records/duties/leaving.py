"""What stands open in a post when its holder leaves it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import require
from anze.records.duties.models import Obligation
from anze.records.duties.queries import visible
from anze.records.duties.workbench import OWING, Group, grouped
from anze.records.people.models import Holding


def open_by_holding(holding_ids: Sequence[int]) -> dict[int, int]:
    """Holding id -> how many duties are open or overdue: owed by the post, or by its holder in person."""
    counted = {}
    for holding in Holding.objects.filter(pk__in=list(holding_ids)):
        asked = Q(person=None) | Q(person=holding.person_id)
        rows = Obligation.objects.filter(
            asked, company_id=holding.company_id, position=holding.position, state__in=OWING
        )
        counted[holding.pk] = rows.count()
    return counted


def open_duties(holding_id: int) -> list[Group]:
    """What whoever takes a post over finds open, by urgency. Subjects are grouped."""
    require("see_company")
    holding = Holding.objects.filter(pk=holding_id).first()
    if holding is None:
        raise NotFound("没有这条任职。")
    asked = Q(person=None) | Q(person=holding.person_id)
    rows = visible(holding.company_id).filter(asked, position=holding.position)
    return grouped(rows)
