"""What a program has to know first: whom it acts as, the kinds of records, the posts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from anze.api.door import entered
from anze.api.schemas import FieldOut, KindOut, MeOut, PositionOut, Problem
from anze.records.lawbook import lawbook
from anze.records.tenants import queries as tenants
from anze.rules.catalogue.model import EvidenceKind

router = Router(tags=["身份与标准"])
REFUSED = {401: Problem, 403: Problem}


@router.get("/me", response={200: MeOut, **REFUSED}, url_name="me")
def me(request: HttpRequest) -> Any:
    """令牌以谁的身份行事、当日的角色和岗位。"""
    with entered(request) as scope:
        actor = scope.actor
        return {
            "account": actor.account,
            "name": actor.name,
            "person": actor.person,
            "company": actor.company,
            "authority": actor.authority,
            "roles": sorted(actor.roles),
            "positions": list(actor.positions),
            "companies": len(scope.reads),
            "at": scope.at,
        }


@router.get("/kinds", response={200: list[KindOut], **REFUSED}, url_name="kinds")
def kinds(request: HttpRequest) -> Any:
    """记录种类及其要填写的内容。"""
    with entered(request):
        return [_kind(kind) for kind in lawbook().kinds.values()]


@router.get("/positions", response={200: list[PositionOut], **REFUSED}, url_name="positions")
def positions(request: HttpRequest) -> Any:
    """岗位：企业人员看到本企业行业的岗位，监管人员看到全部。"""
    with entered(request) as scope:
        company = scope.actor.company
        trade = None if company is None else tenants.company(company).trade
        found = sorted(lawbook().positions.values(), key=lambda p: (p.trade, p.number))
        return [
            {
                "id": position.id,
                "trade": position.trade,
                "number": position.number,
                "name": position.name,
                "edition": position.edition,
                "held": position.id in scope.actor.positions,
                "requirements": len(position.requirements),
            }
            for position in found
            if trade in (None, position.trade)
        ]


def _kind(kind: EvidenceKind) -> KindOut:
    return KindOut(
        id=kind.id,
        name=kind.name,
        fields=[
            FieldOut(
                id=spec.id,
                name=spec.name,
                type=spec.type,
                required=spec.required,
                choices=dict(spec.choices),
                hint=spec.hint,
            )
            for spec in kind.fields
        ],
        roles={str(role): name for role, name in kind.roles.items()},
        subjects=list(kind.subjects),
        attendance=kind.attendance,
        attachment_required=kind.attachment_required,
        event=kind.event,
        hint=kind.hint,
    )
