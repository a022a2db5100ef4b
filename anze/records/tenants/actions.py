"""Registering companies and authorities, placing these over those, and opening organisation units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, connection, transaction

from anze.records.acting.context import acting, current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.journal.actions import append, digest_of
from anze.records.tenants.models import Authority, Company, Supervision, Unit
from anze.records.tenants.pinyin import pinyin_key

UNIT_KINDS = {"branch": "分支机构", "department": "部门", "fleet": "车队", "team": "班组"}


class NameTaken(Refused):
    """Another company or authority has this name."""


def register_company(
    *,
    name: str,
    short_name: str,
    trade: str,
    area: str,
    employees: int,
    vehicles: int,
    started_on: date,
    judged_from: date,
) -> int:
    """The new company's id. Its row is written in its own scope. Raises NameTaken, Refused."""
    require("register")
    _check_company(name, short_name, area, employees, vehicles)
    scope = current()
    company_id = _next_id("tenants_company")
    with acting(scope.actor, reads=(company_id,), at=scope.at, reason=scope.reason):
        company = Company(
            pk=company_id,
            name=name.strip(),
            short_name=short_name.strip(),
            pinyin=pinyin_key(short_name.strip()),
            trade=trade,
            area=area,
            employees=employees,
            vehicles=vehicles,
            started_on=started_on,
            judged_from=judged_from,
        )
        try:
            with transaction.atomic():
                company.save(force_insert=True)
        except IntegrityError:
            raise NameTaken(f"已有名为“{name.strip()}”的企业。") from None
        content = {"name": company.name, "trade": trade, "area": area, "judged_from": str(judged_from)}
        append(
            action="tenants.register",
            rows=[("tenants.company", company_id, digest_of(content))],
            company_id=company_id,
        )
    return company_id


def register_authority(*, name: str, area: str) -> int:
    """The new authority's id. Raises NameTaken."""
    require("register")
    if not name.strip():
        raise Refused("请填写管理部门名称。")
    try:
        with transaction.atomic():
            authority = Authority.objects.create(name=name.strip(), area=area)
    except IntegrityError:
        raise NameTaken(f"已有名为“{name.strip()}”的管理部门。") from None
    scope = current()
    with acting(scope.actor, reads=(), at=scope.at, authority=authority.pk):
        content = {"name": authority.name, "area": area}
        append(
            action="tenants.register",
            rows=[("tenants.authority", authority.pk, digest_of(content))],
            authority_id=authority.pk,
        )
    return authority.pk


def place_under(*, authority_id: int, company_ids: Sequence[int], since: date) -> None:
    """The authority supervises these companies from a day on; those it already supervises are left alone."""
    require("register")
    if not Authority.objects.filter(pk=authority_id).exists():
        raise NotFound("没有这个管理部门。")
    ids = sorted(set(company_ids))
    scope = current()
    with acting(scope.actor, reads=tuple(ids), writes=tuple(ids), at=scope.at, authority=authority_id):
        if Company.objects.filter(pk__in=ids).count() != len(ids):
            raise NotFound("所选企业中有不存在的。")
        placed = set(
            Supervision.objects.filter(authority=authority_id, company__in=ids, until=None).values_list(
                "company_id", flat=True
            )
        )
        new = [
            Supervision(authority_id=authority_id, company_id=i, since=since) for i in ids if i not in placed
        ]
        Supervision.objects.bulk_create(new)
        rows = [
            ("tenants.supervision", s.pk, digest_of([authority_id, s.company_id, str(since)])) for s in new
        ]
        if new:
            append(action="tenants.place", rows=rows, authority_id=authority_id)
        for supervision, row in zip(new, rows, strict=True):
            append(action="tenants.place", rows=[row], company_id=supervision.company_id)


def open_unit(*, company_id: int, kind: str, name: str, since: date, parent: int | None = None) -> int:
    """A branch, department, fleet or team; its name is unique among the open units under one parent."""
    require("manage_people")
    if kind not in UNIT_KINDS:
        raise Refused("机构类型只能是：" + "、".join(UNIT_KINDS.values()) + "。")
    title = name.strip()
    if not title or len(title) > 60:
        raise Refused("请填写机构名称（不超过 60 字）。")
    if parent is not None and not Unit.objects.filter(pk=parent, company=company_id).exists():
        raise NotFound("没有这个上级机构。")
    if Unit.objects.filter(company=company_id, parent=parent, name=title, until=None).exists():
        raise Refused(f"“{title}”已经存在。")
    unit = Unit.objects.create(company_id=company_id, parent_id=parent, kind=kind, name=title, since=since)
    append(action="tenants.open_unit", rows=[_unit_row(unit)], company_id=company_id)
    return unit.pk


def close_unit(*, unit_id: int, until: date) -> None:
    """`until` is the first day on which the unit no longer exists."""
    require("manage_people")
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("没有这个机构。")
    if until <= unit.since:
        raise Refused("撤销日期应晚于设立日期。")
    unit.until = until
    unit.save()
    append(action="tenants.close_unit", rows=[_unit_row(unit)], company_id=unit.company_id)


def _unit_row(unit: Unit) -> tuple[str, int, str]:
    content = [unit.kind, unit.name, unit.parent_id, str(unit.since), str(unit.until)]
    return "tenants.unit", unit.pk, digest_of(content)


def _check_company(name: str, short_name: str, area: str, employees: int, vehicles: int) -> None:
    if not name.strip() or not short_name.strip():
        raise Refused("请填写企业名称和简称。")
    if not (area.isdecimal() and len(area) == 6):
        raise Refused("行政区划代码应为 6 位数字。")
    if employees < 0 or vehicles < 0:
        raise Refused("人数和车辆数不能为负数。")


def _next_id(table: str) -> int:
    """Row-level security asks for the scope before the row, so the id comes first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])
