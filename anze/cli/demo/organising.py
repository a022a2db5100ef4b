"""Who is in charge of what in the diligent company, a leave, and the sheet by which duties changed hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from anze.cli.demo.cast import Firm
from anze.cli.demo.days import Days, at
from anze.cli.demo.play import Act, Stage
from anze.cli.demo.story import Teller
from anze.records.acting.context import acting
from anze.records.duties import organising
from anze.records.handovers import actions as handovers
from anze.records.handovers.queries import handover

# Leader's key -> units, from the first day of the story on.
REMITS = {
    "vice": ("安全科", "监控室"),
    "vice2": (
        "营运科",
        "机务科",
        "财务科",
        "综合办公室",
        "长途一车队",
        "旅游二车队",
        "班线三车队",
    ),
}
REMARKS = "移交检查底稿、培训签到表和台账柜钥匙；返岗后按原岗位收回。"


def organised(firm: Firm, days: Days) -> Iterator[Act]:
    """Of the company that keeps such things in order."""
    if firm.rate < 1:
        return
    yield Act(at(days.start + timedelta(days=9), "10:10"), firm.principal(days.start), _put_in_charge)
    yield Act(at(Teller(firm, days).leave_begins, "08:30"), "manager", _go_on_leave)


def hand_over(stage: Stage) -> None:
    """The safety manager on leave hands her open duties to the deputy; the principal confirms.

    Told last, because a sheet lists what has been decided.
    """
    if stage.firm.rate < 1:
        return
    now = stage.days.now
    with acting(stage.actor("manager"), reads=(stage.company,), at=now):
        sheet = handovers.draw_up(
            holding_id=stage.holdings["manager3"],
            receiver_id=stage.people["deputy"],
            until=None,
            remarks=REMARKS,
        )
        digest = handover(sheet).digest
    for key in ("manager3", "deputy", "boss"):
        with acting(stage.actor(key), reads=(stage.company,), at=now):
            handovers.sign_sheet(handover_id=sheet, digest=digest)


def _put_in_charge(stage: Stage) -> None:
    for leader, units in REMITS.items():
        for unit in units:
            organising.put_in_charge(
                holding_id=stage.holdings[leader], unit_id=stage.units[unit], since=stage.days.start
            )


def _go_on_leave(stage: Stage) -> None:
    """The third safety manager; whoever stands in for her is appointed next."""
    days = stage.days
    organising.take_leave(
        person_id=stage.people["manager3"],
        kind="leave",
        since=Teller(stage.firm, days).leave_begins,
        until=days.today + timedelta(days=35),
        reason="产假",
    )
