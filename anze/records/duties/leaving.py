"""What stands open in a post when its holder leaves it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import require
from anze.records.duties.models import Obligation
from anze.records.duties.queries import visible
from anze.records.duties.workbench import OWING, Group, grouped
from anze.records.people.models import Holding


def open_by_holding(holding_ids: Sequence[int]) -> dict[int, int]:
    """Holding id -> how many duties are open or overdue: owed by the post, or by its holder in person."""
    owed = Obligation.objects.filter(
        Q(person=None) | Q(person=OuterRef("person_id")),
        company_id=OuterRef("company_id"),
        position=OuterRef("position"),
        state__in=OWING,
    )
    counted = owed.order_by().values("company_id").annotate(n=Count("pk")).values("n")
    rows = Holding.objects.filter(pk__in=list(holding_ids)) if holding_ids else Holding.objects.none()
    return dict(rows.annotate(n=Coalesce(Subquery(counted), 0)).values_list("pk", "n"))


def open_duties(holding_id: int) -> list[Group]:
    """What whoever takes a post over finds open, by urgency. Subjects are grouped."""
    require("see_company")
    holding = Holding.objects.filter(pk=holding_id).first()
    if holding is None:
        raise NotFound("没有这条任职。")
    asked = Q(person=None) | Q(person=holding.person_id)
    rows = visible(holding.company_id).filter(asked, position=holding.position)
    return grouped(rows)
