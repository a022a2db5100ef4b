"""A bureau declares a key period: for whom, until when, seen by whom, and what it opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.duties import actions as duties
from anze.records.duties import deciding, queries
from anze.records.duties.periods import declare_period, end_period, withdraw_period
from anze.records.journal.models import Entry
from anze.records.key_periods import queries as periods
from anze.records.key_periods.actions import Begun, NewPeriod
from anze.records.tenants.models import Supervision
from anze.rules.key_periods import declared_event
from tests.cast import NOW, TODAY, Cast

ROSTER = "coach.principal.r8.a"
EDUCATION = "coach.safety_manager.d3.c"
DAY = timedelta(days=1)
FAIR = NewPeriod("activity", "全市博览会", TODAY + 9 * DAY, TODAY + 12 * DAY, "甬交发〔2026〕7号")
STORM = NewPeriod(
    "weather", "台风橙色预警", TODAY + DAY, TODAY + 2 * DAY, "气象台发布", warning="typhoon", level="orange"
)


def declared(cast: Cast, period: NewPeriod = FAIR) -> int:
    with cast.acts("officer"):
        return declare_period(period=period)


def states(cast: Cast, declaration: int, member: str = "principal") -> dict[str, str]:
    with cast.acts(member):
        rows = queries.obligations(event=declared_event(declaration)).rows
        return {row.requirement: row.state for row in rows}


def test_it_opens_what_is_owed_before_a_key_period_for_every_company_under_it(cast: Cast) -> None:
    declaration = declared(cast)
    for member in ("principal", "other_principal"):
        assert states(cast, declaration, member) == {ROSTER: "open", EDUCATION: "open"}
    with cast.acts("principal"):
        (row,) = queries.obligations(event=declared_event(declaration), requirement=ROSTER).rows
        assert row.due is not None
        assert queries.obligation(row.id).event_id == declared_event(declaration)


def test_for_named_companies_alone(cast: Cast) -> None:
    declaration = declared(cast, replace(FAIR, companies=(cast.a.id,)))
    assert states(cast, declaration)
    assert states(cast, declaration, "other_principal") == {}
    with cast.acts("other_principal"):
        assert periods.declared_for(cast.b.id) == []


def test_noted_on_the_chain_of_the_authority_and_of_each_company(cast: Cast) -> None:
    declaration = declared(cast)
    with cast.acts("officer"):
        withdraw_period(declaration_id=declaration, reason="博览会延期")
    with cast.acts("officer"):
        found = Entry.objects.filter(action__startswith="key_period.")
        owners = [(e.action, e.company_id, e.authority_id) for e in found]
    for action in ("key_period.declare", "key_period.withdraw"):
        assert (action, None, cast.authority) in owners
        assert (action, cast.a.id, None) in owners
        assert (action, cast.b.id, None) in owners


def test_withdrawn_before_it_begins_it_asks_nothing_and_stays_readable(cast: Cast) -> None:
    declaration = declared(cast)
    with cast.acts("officer"):
        with pytest.raises(Refused, match="理由"):
            withdraw_period(declaration_id=declaration, reason=" ")
        withdraw_period(declaration_id=declaration, reason="博览会延期")
    assert states(cast, declaration) == {}
    with cast.acts("principal"):
        (row,) = periods.declared_for(cast.a.id)
        assert (row.state, row.change_reason, row.changed_by) == ("withdrawn", "博览会延期", "周监")
    with cast.acts("officer"), pytest.raises(Refused, match="已经撤回"):
        withdraw_period(declaration_id=declaration, reason="再来")


def test_once_begun_it_is_ended_not_withdrawn_and_keeps_what_it_opened(cast: Cast) -> None:
    declaration = declared(cast)
    with cast.acts("officer"), pytest.raises(Refused, match="还没有开始"):
        end_period(declaration_id=declaration, reason="x")
    with cast.acts("officer", NOW + 10 * DAY):
        with pytest.raises(Begun):
            withdraw_period(declaration_id=declaration, reason="x")
        end_period(declaration_id=declaration, reason="提前闭幕")
        assert periods.declaration(declaration).last == TODAY + 10 * DAY
        with pytest.raises(Refused, match="今天结束"):
            end_period(declaration_id=declaration, reason="再来")
    assert states(cast, declaration) == {ROSTER: "missed", EDUCATION: "missed"}


def test_a_warning_says_whether_running_may_be_stopped(cast: Cast) -> None:
    declaration = declared(cast, STORM)
    with cast.acts("principal"):
        (row,) = periods.declared_for(cast.a.id)
        assert (row.warning, row.stops) == ("台风橙色预警", True)
    assert states(cast, declaration) == {ROSTER: "open", EDUCATION: "open"}
    declared(cast, replace(STORM, level="blue"))
    with cast.acts("principal"):
        assert [r.stops for r in periods.declared_for(cast.a.id)] == [False, True]


def test_a_company_that_comes_under_the_authority_is_bound_from_that_day(cast: Cast) -> None:
    with acting(SYSTEM, reads=(), at=NOW):
        Supervision.objects.filter(company=cast.b.id).delete()
    declaration = declared(cast)
    assert states(cast, declaration, "other_principal") == {}
    with cast.acts("administrator", NOW + 2 * DAY):
        duties.place_under(authority_id=cast.authority, company_ids=[cast.b.id], since=TODAY + 2 * DAY)
    assert states(cast, declaration, "other_principal") == {ROSTER: "open", EDUCATION: "open"}


def test_a_company_that_left_before_it_begins_is_not_bound(cast: Cast) -> None:
    declaration = declared(cast)
    with acting(SYSTEM, reads=(), at=NOW):
        Supervision.objects.filter(company=cast.b.id).update(until=TODAY + DAY)
    with cast.acts("other_principal"):
        deciding.redecide(company_id=cast.b.id)
        assert periods.declared_for(cast.b.id) == []
    assert states(cast, declaration, "other_principal") == {}


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"type": "party"}, "类别"),
        ({"name": " "}, "名称"),
        ({"reason": ""}, "依据"),
        ({"begins": TODAY - DAY}, "早于今天"),
        ({"last": TODAY}, "结束日期"),
        ({"last": TODAY + 400 * DAY}, "结束日期"),
        ({"type": "weather"}, "预警"),
        ({"type": "weather", "warning": "typhoon", "level": "pink"}, "预警"),
    ],
)
def test_refused(cast: Cast, changes: dict[str, object], match: str) -> None:
    with cast.acts("officer"), pytest.raises(Refused, match=match):
        declare_period(period=replace(FAIR, **changes))  # type: ignore[arg-type]


def test_nobody_else_declares_changes_or_sees(cast: Cast) -> None:
    declaration = declared(cast)
    for member in ("principal", "administrator"):
        with cast.acts(member), pytest.raises(NotPermitted):
            declare_period(period=FAIR)
    with cast.acts("stranger_officer"):
        with pytest.raises(NotFound):
            withdraw_period(declaration_id=declaration, reason="x")
        with pytest.raises(NotFound):
            declare_period(period=replace(FAIR, companies=(cast.a.id,)))
        with pytest.raises(NotFound):
            periods.declaration(declaration)
        assert periods.declared_by_us() == []
        assert raw() == []
    with cast.acts("principal"):
        assert raw() == [declaration]
    with cast.acts("officer"):
        assert raw() == [declaration]
        assert periods.bound_companies(periods.declaration(declaration)) == (cast.a.id, cast.b.id)


def test_a_company_cannot_write_what_it_reads(cast: Cast) -> None:
    declaration = declared(cast)
    with cast.acts("principal"):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE key_periods_declaration SET name = '改'")
            assert cursor.rowcount == 0
            cursor.execute("DELETE FROM key_periods_declaration")
            assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO key_periods_declaration (authority_id, companies, type, name, warning, level,"
                " begins, ends, reason, declared_at, declared_by, withdrawn, changed_by, change_reason)"
                " SELECT authority_id, companies, type, name, warning, level, begins, ends, reason,"
                " declared_at, declared_by, withdrawn, changed_by, change_reason"
                " FROM key_periods_declaration"
            )
    assert declaration


def test_yearly_periods_need_no_declaration(cast: Cast) -> None:
    with cast.acts("principal"):
        deciding.redecide(company_id=cast.a.id)
        rows = queries.obligations(requirement=ROSTER, size=200).rows
        by_start = {row.starts: row.state for row in rows}
    assert by_start[date(2026, 9, 16)] == "missed"
    assert by_start[date(2027, 1, 7)] == "upcoming"


def raw() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM key_periods_declaration ORDER BY id")
        return [key for (key,) in cursor.fetchall()]
