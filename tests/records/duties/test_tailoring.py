"""The company's own stricter numbers: from a day on, never below law or place, and back again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.duties import choosing, deciding, queries
from anze.records.duties.choosing import NotForCompany, WeakerThanLaw, end_waiver
from anze.records.duties.layers import layers_of
from anze.records.duties.reports import month_report
from anze.records.duties.tailoring import NotStricter, restore, tailor
from anze.records.journal.queries import entries
from anze.rules.catalogue.model import Every, Limit, LimitUnit
from tests.cast import TODAY, Cast

MEETING = "coach.principal.d1.a"  # each quarter by the list, each month in Ningbo
STUDY = "coach.safety_manager.d3.a"  # each month by the list
PERIOD = "coach.principal.r8.a"  # before a key period
VAGUE = "coach.principal.r6.a"
FIRST = date(2026, 11, 1)


def layer(requirement: str, day: date) -> list[tuple[str, int]]:
    rows = queries.obligations(requirement=requirement, starts=day).rows
    return [(row.layer, row.needed) for row in rows]


def test_stricter_from_a_day_on_and_back_again(cast: Cast) -> None:
    with cast.acts("principal"):
        tailor(requirement=STUDY, since=FIRST, every=Every.MONTH, times=2, reason="安委会决定")
        assert layer(STUDY, FIRST) == [("company", 2)]
        assert layer(STUDY, date(2026, 10, 1)) == [("national", 1)]
        restore(requirement=STUDY, since=date(2026, 12, 1), reason="试行期满")
        assert layer(STUDY, FIRST) == [("company", 2)]
        assert layer(STUDY, date(2026, 12, 1)) == [("national", 1)]
    with cast.acts("principal"):
        actions = [entry.action for entry in entries(company_id=cast.a.id).rows]
        assert {"duty.tailor", "duty.restore"} <= set(actions)


def test_below_the_place_is_refused_with_clause_and_number(cast: Cast) -> None:
    with cast.acts("principal"), pytest.raises(WeakerThanLaw) as refused:
        tailor(requirement=MEETING, since=FIRST, every=Every.QUARTER, times=2, reason="x")
    assert "地方规定要求“每月至少1次”" in str(refused.value)
    assert "第五条" in str(refused.value)
    assert "宁波" in str(refused.value)


def test_below_the_floor_of_a_vague_duty_is_refused_with_clause_and_number(cast: Cast) -> None:
    with cast.acts("principal"), pytest.raises(WeakerThanLaw) as refused:
        choosing.commit_to(requirement=VAGUE, since=FIRST, every=Every.YEAR)
    assert "“每季度至少1次”" in str(refused.value)
    assert "安全会议" in str(refused.value)


def test_ahead_of_a_key_period(cast: Cast) -> None:
    with cast.acts("principal"):
        tailor(requirement=PERIOD, since=FIRST, before=Limit(3, LimitUnit.DAY), reason="提前排班")
        (row,) = [r for r in queries.obligations(requirement=PERIOD).rows if r.starts == date(2027, 1, 7)]
        assert (row.state, row.layer) == ("upcoming", "company")
        assert "在其开始3日前完成" in row.rule


@pytest.mark.parametrize(
    ("requirement", "numbers", "error"),
    [
        (STUDY, {"every": Every.MONTH}, NotStricter),
        (VAGUE, {"every": Every.MONTH}, NotForCompany),
        (STUDY, {"every": Every.MONTH, "times": 400}, Refused),
        ("coach.principal.d99.a", {"every": Every.MONTH}, NotFound),
    ],
)
def test_refused(cast: Cast, requirement: str, numbers: dict[str, object], error: type[Refused]) -> None:
    with cast.acts("principal"), pytest.raises(error):
        tailor(requirement=requirement, since=FIRST, reason="x", **numbers)  # type: ignore[arg-type]


def test_a_reason_and_a_day_that_is_judged(cast: Cast) -> None:
    with cast.acts("principal"):
        with pytest.raises(Refused, match="理由"):
            tailor(requirement=STUDY, since=FIRST, every=Every.MONTH, times=2, reason=" ")
        with pytest.raises(Refused, match="建档"):
            tailor(requirement=STUDY, since=date(2024, 1, 1), every=Every.MONTH, times=2, reason="x")
        with pytest.raises(Refused, match="理由"):
            restore(requirement=STUDY, since=FIRST, reason="")
        with pytest.raises(NotFound):
            restore(requirement=STUDY, since=FIRST, reason="从未加严")


def test_a_vague_duty_has_nothing_to_go_back_to(cast: Cast) -> None:
    with cast.acts("principal"):
        choosing.commit_to(requirement=VAGUE, since=FIRST, every=Every.MONTH)
        with pytest.raises(NotFound):
            restore(requirement=VAGUE, since=TODAY, reason="x")


@pytest.mark.parametrize("member", ["monitor", "driver", "officer"])
def test_not_permitted(cast: Cast, member: str) -> None:
    with cast.acts(member):
        with pytest.raises(NotPermitted):
            tailor(requirement=STUDY, since=FIRST, every=Every.MONTH, times=2, reason="x")
        with pytest.raises(NotPermitted):
            restore(requirement=STUDY, since=FIRST, reason="x")


def test_layers_name_who_spoke_and_what_lies_beneath(cast: Cast) -> None:
    with cast.acts("principal"):
        tailor(requirement=MEETING, since=FIRST, every=Every.MONTH, times=2, reason="半月一次")
        found = layers_of(cast.a.id, MEETING, FIRST)
        assert [(row.label, row.number) for row in found] == [
            ("企业规定", "每月至少2次"),
            ("地方规定（宁波市）", "每月至少1次"),
            ("清单原文", "每季度至少1次"),
        ]
        assert (found[0].decided_by, found[0].reason) == ("赵甬", "半月一次")
        assert [row.label for row in layers_of(cast.a.id, MEETING, date(2026, 10, 1))] == [
            "地方规定（宁波市）",
            "清单原文",
        ]
        assert layers_of(cast.a.id, VAGUE, FIRST)[0].label == "最低要求"


def test_a_waiver_ends_early(cast: Cast) -> None:
    with cast.acts("principal"):
        waiver = choosing.waive(requirement=STUDY, since=FIRST, until=None, reason="停业整顿")
        assert [r.state for r in queries.obligations(requirement=STUDY, starts=FIRST).rows] == ["waived"]
        end_waiver(waiver_id=waiver, until=TODAY + timedelta(days=1), reason="复工")
        assert [r.state for r in queries.obligations(requirement=STUDY, starts=FIRST).rows] == ["open"]
        for until, reason, match in (
            (TODAY + timedelta(days=2), "x", "早于原定"),
            (TODAY - timedelta(days=1), "x", "早于今天"),
            (FIRST, "x", "晚于豁免开始"),
            (TODAY, "", "理由"),
        ):
            with pytest.raises(Refused, match=match):
                end_waiver(waiver_id=waiver, until=until, reason=reason)
    with cast.acts("other_principal"), pytest.raises(NotFound):
        end_waiver(waiver_id=waiver, until=TODAY, reason="x")
    with cast.acts("driver"), pytest.raises(NotPermitted):
        end_waiver(waiver_id=waiver, until=TODAY, reason="x")


def test_the_report_names_the_layer(cast: Cast) -> None:
    with cast.acts("principal"):
        tailor(requirement=STUDY, since=FIRST, every=Every.MONTH, times=2, reason="安委会决定")
        deciding.redecide(company_id=cast.a.id)
        lines = {
            line.requirement: line
            for post in month_report(company_id=cast.a.id, month=FIRST).posts
            for line in post.lines
        }
    assert lines[STUDY].rule.endswith("依企业规定。")
    assert lines[MEETING].rule.endswith("依地方规定（宁波市）。")
