"""值班表: sealed rosters, swaps agreed by both, logs."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.test import Client

from anze.records.confirmations import actions as confirmations
from anze.records.confirmations.rosters import rosters_of
from anze.records.duties import actions as duties
from anze.records.evidence import actions as evidence
from anze.records.evidence import queries
from anze.records.evidence.drafts import Draft, PartInput
from anze.rules.periods import Period
from anze.rules.rosters import Shift
from tests.cast import NOW, Cast, cast
from tests.rules.build import day
from tests.web.records.conftest import at_now, browse, manager

__all__ = ["at_now", "browse", "cast", "manager"]

NOVEMBER = Period(day("2026-11-01"), day("2026-12-01"))


def sealed(cast: Cast, draft: Draft, member: str = "safety_manager") -> int:
    with cast.acts(member):
        record = evidence.draft_record(draft=draft)
        duties.seal_records(record_ids=[record])
    return record


def roster(cast: Cast) -> int:
    rows = [
        {"what": "夜班", "who": cast.a.monitor, "due": "2026-11-20", "leader": "赵甬", "phone": "110"},
        {"what": "夜班", "who": cast.a.drivers[0], "due": "2026-11-21", "leader": "李甬"},
        {"what": "夜班", "who": cast.a.drivers[0], "due": "2026-12-01"},
    ]
    values = {"arrangement": "夜间值守", "shifts": json.dumps(rows)}
    return sealed(cast, Draft(kind="duty.roster", title="十一月值班", happened_at=NOW, values=values))


def swap(cast: Cast) -> int:
    values = {"day": "2026-11-20", "shift": "夜班", "other_day": "2026-11-21", "reason": "家中有事"}
    parts = [PartInput(cast.a.monitor, "subject"), PartInput(cast.a.drivers[0], "participant")]
    draft = Draft(kind="duty.swap", title="换班", happened_at=NOW, values=values, parts=parts)
    return sealed(cast, draft, "driver")


def shifts(cast: Cast) -> tuple[Shift, ...]:
    with cast.acts("clerk"):
        return rosters_of(cast.a.id, NOVEMBER).shifts


def agree(cast: Cast, member: str, record: int) -> None:
    with cast.acts(member):
        confirmations.confirm(record_id=record, digest=queries.record(record).digest)


def test_everybody_sees_who_is_on_duty(cast: Cast, browse: Callable[[str], Client]) -> None:
    assert "这个月还没有值班表" in browse("clerk").get("/rosters/").content.decode()
    roster(cast)
    page = browse("clerk").get("/rosters/").content.decode()
    assert "2026年11月值班表" in page
    assert "郑甬" in page
    assert "没有排班" in page
    assert "12月1日" not in page
    assert "11月1日至19日" in page
    assert "11月22日至30日" in page
    assert "12月1日" in browse("clerk").get("/rosters/?month=2026-12").content.decode()
    assert browse("clerk").get("/rosters/?month=x").status_code == 200


def test_a_swap_counts_once_both_have_agreed(cast: Cast, manager: Client) -> None:
    roster(cast)
    record = swap(cast)
    assert [s.person for s in shifts(cast)] == [cast.a.monitor, cast.a.drivers[0]]
    assert "换班待同意" in manager.get("/rosters/").content.decode()
    agree(cast, "monitor", record)
    assert {s.waiting for s in shifts(cast)} == {record}
    agree(cast, "driver", record)
    assert [s.person for s in shifts(cast)] == [cast.a.drivers[0], cast.a.monitor]
    assert "换班，原郑甬" in manager.get("/rosters/").content.decode()


def test_the_log_of_a_day_stands_beside_it(cast: Cast, manager: Client) -> None:
    roster(cast)
    values = {"shift": "night", "events": "正常"}
    sealed(cast, Draft(kind="duty.log", title="夜间值守日志", happened_at=NOW, values=values))
    assert "夜间值守日志" in manager.get("/rosters/").content.decode()


def test_another_company_sees_nothing_of_it(cast: Cast) -> None:
    roster(cast)
    with cast.acts("other_clerk"):
        assert rosters_of(cast.b.id, NOVEMBER).shifts == ()
