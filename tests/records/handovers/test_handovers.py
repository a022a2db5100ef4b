"""Sheets: drawn up, signed in turn, superseded; and what has not been handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.duties import actions as duties
from anze.records.duties import deciding
from anze.records.evidence.actions import draft_record
from anze.records.handovers import actions, queries
from anze.records.handovers.actions import NothingToSign, SheetChanged
from anze.records.handovers.models import Handover
from anze.records.people import queries as people
from anze.rules.handovers import SheetPart
from tests.cast import TODAY, Cast, meeting

DAY = timedelta(days=1)


@pytest.fixture
def held(cast: Cast) -> int:
    """The safety manager's holding, with every duty decided."""
    with cast.acts("principal"):
        deciding.redecide(company_id=cast.a.id)
        (row,) = people.holdings(person_id=cast.a.safety_manager)
    return row.id


def drawn(cast: Cast, held: int, **more) -> int:
    with cast.acts("principal"):
        return actions.draw_up(
            **{"holding_id": held, "receiver_id": cast.a.clerk, "until": TODAY + DAY} | more
        )


def sign(cast: Cast, member: str, sheet: int) -> SheetPart:
    with cast.acts(member):
        return actions.sign_sheet(handover_id=sheet, digest=queries.handover(sheet).digest)


def test_a_sheet_lists_open_duties_and_drafts_with_their_receivers(cast: Cast, held: int) -> None:
    with cast.acts("safety_manager"):
        draft_record(draft=meeting(cast.a))
    with cast.acts("principal"):
        entries = queries.entries(held)
        assert {entry.kind for entry in entries} == {"duty", "draft"}
        assert any(entry.detail.startswith("待履行，期限 2026-11-30") for entry in entries)
    sheet = drawn(cast, held, receivers={entries[-1].key: cast.a.monitor}, remarks=" 钥匙 ")
    with cast.acts("principal"):
        found = queries.handover(sheet).row.sheet
        assert [item.title for item in found.items] == [entry.title for entry in entries]
        assert found.items[-1].receiver_name == "郑甬"
        assert found.receivers == ((cast.a.clerk, "冯甬"), (cast.a.monitor, "郑甬"))
        assert (found.until, found.remarks) == ("2026-11-21", "钥匙")


def test_all_sign_in_turn(cast: Cast, held: int) -> None:
    sheet = drawn(cast, held)
    with cast.acts("principal"), pytest.raises(NothingToSign):
        actions.sign_sheet(handover_id=sheet, digest=queries.handover(sheet).digest)
    assert sign(cast, "clerk", sheet) is SheetPart.RECEIVER
    with cast.acts("safety_manager"):
        assert [row.id for row in queries.waiting_for_me()] == [sheet]
    assert sign(cast, "safety_manager", sheet) is SheetPart.LEAVER
    with pytest.raises(NothingToSign):
        sign(cast, "safety_manager", sheet)
    assert sign(cast, "principal", sheet) is SheetPart.CONFIRMER
    with cast.acts("principal"):
        detail = queries.handover(sheet)
        assert detail.row.done
        assert detail.waiting == ()
        assert [row.person_name for row in detail.signed] == ["冯甬", "李甬", "赵甬"]
        assert queries.waiting_for_me() == []


def test_a_new_sheet_supersedes(cast: Cast, held: int) -> None:
    old = drawn(cast, held)
    new = drawn(cast, held, remarks="补充")
    with pytest.raises(SheetChanged):
        sign(cast, "clerk", old)
    with cast.acts("clerk"):
        assert queries.handover(old).newest_id == new
        with pytest.raises(SheetChanged):
            actions.sign_sheet(handover_id=new, digest="0" * 64)


def test_bad_sheets_are_refused(cast: Cast, held: int) -> None:
    for changes, says in (
        ({"receiver_id": cast.a.safety_manager}, "不能是移交人"),
        ({"remarks": "长" * 1001}, "不超过 1000"),
        ({"until": TODAY.replace(year=2020)}, "离任日期应晚于"),
    ):
        with pytest.raises(Refused, match=says):
            drawn(cast, held, **changes)
    for changes in ({"receiver_id": cast.b.clerk}, {"holding_id": 10**6}):
        with pytest.raises(NotFound):
            drawn(cast, held, **changes)
    with cast.acts("principal"):
        duties.dismiss(person_ids=[cast.a.clerk], left_on=TODAY)
    with pytest.raises(Refused, match="已离职"):
        drawn(cast, held)


def test_only_those_named_and_the_leaders_see_it(cast: Cast, held: int) -> None:
    sheet = drawn(cast, held)
    with cast.acts("clerk"):
        assert queries.handover(sheet).mine is SheetPart.RECEIVER
        with pytest.raises(NotPermitted):
            queries.entries(held)
    for member in ("monitor", "other_principal"):
        with cast.acts(member), pytest.raises(NotFound):
            queries.handover(sheet)
    with cast.acts("officer"):
        assert queries.handover(sheet).mine is None
        with pytest.raises(NotPermitted):
            actions.sign_sheet(handover_id=sheet, digest="x")
    with cast.acts("clerk"), pytest.raises(NotPermitted):
        actions.draw_up(holding_id=held, receiver_id=cast.a.monitor, until=None)


def test_a_post_left_with_open_duties_is_not_handed_over_until_signed(cast: Cast, held: int) -> None:
    with cast.acts("principal"):
        duties.end_holding(holding_id=held, until=TODAY)
        (row,) = queries.pending(cast.a.id)
        assert (row.person_name, row.until, row.handover_id) == ("李甬", TODAY, None)
        assert row.left_open > 0
    sheet = drawn(cast, held, until=None)
    with cast.acts("principal"):
        assert [row.handover_id for row in queries.pending(cast.a.id)] == [sheet]
        assert queries.handover(sheet).row.sheet.until == "2026-11-20"
    for member in ("safety_manager", "clerk", "principal"):
        sign(cast, member, sheet)
    with cast.acts("principal"):
        assert queries.pending(cast.a.id) == []
        assert [row.done for row in queries.handovers_of(cast.a.safety_manager)] == [True]


def test_leaving_the_company_leaves_posts_open_too(cast: Cast, held: int) -> None:
    with cast.acts("principal"):
        duties.dismiss(person_ids=[cast.a.safety_manager], left_on=TODAY)
        assert [row.holding_id for row in queries.pending(cast.a.id)] == [held]


def test_sheets_are_never_changed(cast: Cast, held: int) -> None:
    """The application's role has no right to."""
    sheet = drawn(cast, held)
    with cast.acts("principal"):
        for act in (lambda rows: rows.update(text="x"), lambda rows: rows.delete()):
            with pytest.raises(ProgrammingError), transaction.atomic():
                act(Handover.objects.filter(pk=sheet))
