"""Who reads which records, how pages of them are cut, and the facts that the rules get."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anze.records.acting.context import SYSTEM, NoScope, acting
from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.evidence import actions, queries
from anze.records.evidence.actions import PartInput
from anze.records.evidence.sealing import mark_sealed
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import EvidenceKind, Role
from anze.rules.evidence import Attendance, Part
from tests.cast import NOW, TODAY, Cast, Company, meeting

DAY = timedelta(days=1)


def write(cast: Cast, company: Company, member: str, *, seal: bool = True, **changes: Any) -> int:
    with cast.acts(member):
        record = actions.draft_record(draft=meeting(company, **changes))
        if seal:
            mark_sealed([record])
        return record


def ids(cast: Cast, member: str, **filters: Any) -> list[int]:
    with cast.acts(member):
        return [row.id for row in queries.records(**filters).rows]


def test_each_sees_the_company_or_their_own(cast: Cast) -> None:
    ours = write(cast, cast.a, "principal")
    theirs = write(cast, cast.b, "other_principal")
    shared = write(cast, cast.a, "principal", parts=[PartInput(cast.a.monitor, "participant")])
    monitors = write(cast, cast.a, "monitor", parts=[])
    drivers = write(cast, cast.a, "driver", seal=False, parts=[])
    assert set(ids(cast, "safety_manager")) == {ours, shared, monitors, drivers}
    assert set(ids(cast, "monitor")) == {shared, monitors}
    assert ids(cast, "driver") == [drivers]
    assert ids(cast, "clerk") == [ours]
    assert ids(cast, "other_principal") == [theirs]
    assert set(ids(cast, "officer")) == {ours, shared, monitors, theirs}
    assert ids(cast, "officer", company_id=cast.b.id) == [theirs]
    assert ids(cast, "stranger_officer") == []
    with cast.acts("administrator"), pytest.raises(NotPermitted):
        queries.records()


def test_a_record_that_may_not_be_seen_is_not_found(cast: Cast) -> None:
    ours = write(cast, cast.a, "principal")
    for member in ("other_principal", "stranger_officer", "monitor", "driver"):
        with cast.acts(member), pytest.raises(NotFound, match="没有这条记录"):
            queries.record(ours)
    for wrong in (0, -1, 10**9, 2**70):
        with cast.acts("principal"), pytest.raises(NotFound):
            queries.record(wrong)
    for act in (
        actions.revise_record,
        lambda record_id: actions.edit_draft(record_id=record_id, draft=meeting(cast.b)),
    ):
        with cast.acts("other_principal"), pytest.raises(NotFound):
            act(record_id=ours)


def test_the_list_is_filtered_and_the_newest_is_first(cast: Cast) -> None:
    old = write(cast, cast.a, "principal", happened_at=NOW - 40 * DAY, title="旧会 100%")
    new = write(cast, cast.a, "principal", title="新会")
    draft = write(cast, cast.a, "principal", seal=False, title="草稿_会", happened_at=NOW - 2 * DAY)
    plan = write(
        cast, cast.a, "principal", kind="training.plan", values={"year": "2026"}, title="计划",
        parts=[], happened_at=NOW - 3 * DAY,
    )  # fmt: skip
    assert ids(cast, "principal") == [new, draft, plan, old]
    assert ids(cast, "principal", kind="training.plan") == [plan]
    assert ids(cast, "principal", kinds=["training.plan", "meeting.leading-group"], status="sealed") == [
        new,
        plan,
        old,
    ]
    assert ids(cast, "principal", kinds=[]) == []
    assert ids(cast, "principal", since=TODAY - 2 * DAY) == [new, draft]
    assert ids(cast, "principal", until=TODAY - 2 * DAY) == [plan, old]
    assert ids(cast, "principal", search="会") == [new, draft, old]
    assert ids(cast, "principal", search="100%") == [old]
    assert ids(cast, "principal", search="ld-2026-0002") == [new]
    assert ids(cast, "principal", search="%") == [old]
    assert ids(cast, "principal", search="\x00") == [new, draft, plan, old]
    with cast.acts("principal"):
        assert queries.counts_by_kind() == {"meeting.leading-group": 2, "training.plan": 1}
        assert queries.counts_by_kind(company_id=cast.b.id) == {}
        assert [row.id for row in queries.record_rows([new, old])] == [old, new]


def test_pages_are_cut(cast: Cast) -> None:
    for _ in range(5):
        write(cast, cast.a, "principal", seal=False)
    with cast.acts("principal"):
        page = queries.records(page=3, page_size=2)
    assert (page.page, page.pages, page.total, len(page.rows)) == (3, 3, 5, 1)


def test_the_list_takes_few_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        write(cast, cast.a, "principal")
    with cast.acts("principal"), django_assert_num_queries(3):
        queries.records()


def test_the_day_is_of_shanghai(cast: Cast) -> None:
    before_midnight = NOW.replace(day=18, hour=15, minute=59)
    write(cast, cast.a, "principal", happened_at=before_midnight)
    write(cast, cast.a, "principal", happened_at=before_midnight + timedelta(minutes=1))
    with cast.acts("principal"):
        assert [f.day for f in queries.facts_of(cast.a.id)] == [date(2026, 11, 18), date(2026, 11, 19)]
        assert len(queries.facts_of(cast.a.id, since=date(2026, 11, 19))) == 1
        assert len(queries.facts_of(cast.a.id, until=date(2026, 11, 19))) == 1


def test_a_fact_holds_what_the_rules_ask(cast: Cast, every_type: EvidenceKind) -> None:
    record = write(
        cast,
        cast.a,
        "principal",
        kind=every_type.id,
        values={
            "text": "x", "date": "2027-01-31", "number": "3.1", "money": "0.5", "hours": "2.5",
            "choice": "b", "bool": "是",
        },
        parts=[PartInput(cast.a.principal, "inspector", hours=Decimal("1.5"))],
        subjects=[("vehicle", cast.a.vehicles[0]), ("driver", cast.a.drivers[0])],
        makes_up=date(2026, 10, 1),
    )  # fmt: skip
    with cast.acts("principal", NOW + DAY):
        (fact,) = queries.facts_of(cast.a.id)
    assert (fact.id, fact.kind, fact.day) == (record, every_type.id, TODAY - DAY)
    assert (fact.happened, fact.received) == (NOW - DAY, NOW)
    assert set(fact.parts) == {
        Part(cast.a.principal, Role.INSPECTOR, Attendance.ATTENDED, Fraction(3, 2)),
        Part(cast.a.drivers[0], Role.SUBJECT),
    }
    assert fact.subjects == {("vehicle", cast.a.vehicles[0])}
    assert fact.numbers == {
        "number": Fraction(31, 10), "money": Fraction(1, 2), "hours": Fraction(5, 2),
    }  # fmt: skip
    assert fact.choices == {"choice": "b", "bool": "true"}
    assert fact.valid_until == date(2027, 2, 1)
    assert fact.makes_up == date(2026, 10, 1)


def test_an_event_says_when_it_begins(cast: Cast) -> None:
    kind = lawbook().kinds["key-period.declared"]
    choice = next(iter(next(f for f in kind.fields if f.id == "type").choices))
    write(
        cast, cast.a, "principal", kind=kind.id, parts=[],
        values={"type": choice, "begins": "2026-12-01", "ends": "2026-12-09"},
    )  # fmt: skip
    with cast.acts("principal"):
        (fact,) = queries.facts_of(cast.a.id)
    assert fact.starts == date(2026, 12, 1)


def test_facts_are_of_sealed_records_of_the_scope(cast: Cast) -> None:
    ours = write(cast, cast.a, "principal")
    write(cast, cast.a, "principal", seal=False)
    theirs = write(cast, cast.b, "other_principal")
    both = [cast.a.id, cast.b.id]
    with acting(SYSTEM, reads=tuple(both), at=NOW):
        found = queries.facts_of_many(both)
        assert {company: [f.id for f in facts] for company, facts in found.items()} == {
            cast.a.id: [ours], cast.b.id: [theirs],
        }  # fmt: skip
        assert queries.facts_of_many(both, kinds=["training.plan"]) == {cast.a.id: [], cast.b.id: []}
    with cast.acts("principal"):
        assert [f.id for f in queries.facts_of_many(both)[cast.b.id]] == []
    with pytest.raises(NoScope):
        queries.facts_of(cast.a.id)


def test_fields_that_the_catalogue_dropped_are_still_shown(
    cast: Cast, every_type: EvidenceKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    record = write(
        cast, cast.a, "principal", kind=every_type.id, parts=[], values={"text": "x", "longtext": "y"}
    )
    kinds: Any = lawbook().kinds
    monkeypatch.setitem(kinds, every_type.id, replace(every_type, fields=every_type.fields[:1]))
    with cast.acts("principal"):
        assert [(f.label, f.display) for f in queries.record(record).fields] == [
            ("短文", "x"),
            ("longtext", "y"),
        ]
    monkeypatch.delitem(kinds, every_type.id)
    with cast.acts("principal"):
        detail = queries.record(record)
        assert (detail.kind_name, detail.retention_until) == (every_type.id, None)
        assert [f.label for f in detail.fields] == ["text", "longtext"]


def test_parts_are_read_once_each_right_after_an_import_too(cast: Cast, owner_rows: Any) -> None:
    """The planner knows nothing of rows that its own transaction brought."""
    write(cast, cast.a, "principal")
    owner_rows.connection.commit()
    owner_rows.connection.autocommit = True
    owner_rows.execute("VACUUM (ANALYZE) evidence_record, evidence_participation, evidence_subject")
    with cast.acts("safety_manager"):
        drafts = [meeting(cast.a, happened_at=NOW - n * DAY) for n in range(2, 120)]
        mark_sealed(actions.draft_records(drafts=drafts))
        with CaptureQueriesContext(connection) as asked:
            found = queries.facts_of(cast.a.id, kinds=["meeting.leading-group"])
        (statement,) = [query["sql"] for query in asked if "evidence_participation" in query["sql"]]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
            (((plan,),),) = cursor.fetchall()
    assert len(found) == 119
    assert parts_read(plan["Plan"]) == 3 * 119


def parts_read(node: Any) -> int:
    """Participations that a part of a plan looks at, all its loops counted."""
    rows = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    own = rows if node.get("Relation Name") == "evidence_participation" else 0
    return round(own) + sum(parts_read(part) for part in node.get("Plans", ()))
