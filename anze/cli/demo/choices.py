"""What the companies fixed where the lists say 定期 or 及时: by the kind of record and by what happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from anze.cli.demo.cast import Firm
from anze.cli.demo.habits import SELF_FIXED
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Every, Kind, Limit, LimitUnit, Requirement

FREQUENCIES = {
    "coach.principal.r4.a": (Every.HALF_YEAR, 1),
    "coach.principal.r6.a": (Every.QUARTER, 1),
    "coach.principal.d3.e": (Every.YEAR, 1),
    "coach.principal.d6.c": (Every.HALF_YEAR, 1),
    "coach.principal.d7.b": (Every.QUARTER, 1),
    "coach.principal.d8.a": (Every.HALF_YEAR, 1),
    "coach.safety_manager.r2.a": (Every.YEAR, 1),
    "coach.safety_manager.d4.a": (Every.MONTH, 1),
    "coach.safety_manager.d6.a": (Every.MONTH, 1),
    "coach.safety_manager.d6.c": (Every.MONTH, 1),
    "coach.safety_manager.d7.c": (Every.QUARTER, 1),
    "coach.safety_head.d15.a": (Every.MONTH, 1),
    "coach.technical_head.r3-2.c": (Every.MONTH, 1),
    "coach.monitoring_head.r9.a": (Every.MONTH, 1),
    "coach.monitoring_head.r10.a": (Every.YEAR, 1),
    "coach.monitor.r6.b": (Every.MONTH, 1),
}
LIMITS = {
    "coach.principal.d7.c": Limit(15, LimitUnit.DAY),
    "coach.principal.d8.b": Limit(10, LimitUnit.WORKDAY),
    "coach.principal.d10.a": Limit(1, LimitUnit.HOUR),
    "coach.safety_manager.r9.a": Limit(1, LimitUnit.HOUR),
    "coach.safety_manager.d4.b": Limit(15, LimitUnit.DAY),
    "coach.safety_manager.d7.e": Limit(5, LimitUnit.WORKDAY),
    "coach.technical_head.d1.c": Limit(3, LimitUnit.MONTH),
    "coach.monitoring_head.d1.c": Limit(3, LimitUnit.MONTH),
    "coach.monitoring_head.d4.e": Limit(10, LimitUnit.WORKDAY),
    "coach.monitor.d3.e": Limit(10, LimitUnit.WORKDAY),
}
QUARTERLY = Every.QUARTER
EVERY_KIND = {
    "review.regulations": Every.YEAR,
    "policy.issue": Every.YEAR,
    "training.certification": Every.YEAR,
    "technology.adopted": Every.YEAR,
    "target.appraisal": Every.HALF_YEAR,
    "target.check": Every.HALF_YEAR,
    "training.plan-review": Every.HALF_YEAR,
    "activity.safety": Every.HALF_YEAR,
    "drill.emergency": Every.HALF_YEAR,
    "paper.control": Every.HALF_YEAR,
    "personnel.reward": Every.HALF_YEAR,
    "training.special": Every.HALF_YEAR,
    "route.ledger": Every.HALF_YEAR,
    "monitoring.archive": Every.HALF_YEAR,
    "meeting.management": Every.MONTH,
    "office-car.dispatch": Every.MONTH,
    "vehicle.maintenance": Every.MONTH,
    "dispatch.check": Every.MONTH,
    "monitoring.supervision": Every.MONTH,
    "monitoring.setting-check": Every.MONTH,
    "monitoring.playback": Every.MONTH,
    "monitoring.statistics": Every.MONTH,
    "monitoring.log": Every.MONTH,
    "monitoring.track-review": Every.MONTH,
    "monitoring.online-check": Every.MONTH,
}
WITHIN = {
    "hazard.rectification": Limit(15, LimitUnit.DAY),
    "problem.solved": Limit(15, LimitUnit.DAY),
    "misconduct.corrected": Limit(1, LimitUnit.DAY),
    "violation.handling": Limit(10, LimitUnit.WORKDAY),
    "accident.report": Limit(1, LimitUnit.HOUR),
    "emergency.response": Limit(1, LimitUnit.HOUR),
    "paper.circulated": Limit(3, LimitUnit.WORKDAY),
    "paper.deployed": Limit(5, LimitUnit.WORKDAY),
    "transport.carried": Limit(20, LimitUnit.DAY),
    "vehicle.inquiry": Limit(7, LimitUnit.DAY),
    "vehicle.repair": Limit(7, LimitUnit.DAY),
    "vehicle.file": Limit(5, LimitUnit.WORKDAY),
    "monitoring.warning": Limit(10, LimitUnit.HOUR),
    "monitoring.referral": Limit(1, LimitUnit.DAY),
    "monitoring.offline-check": Limit(2, LimitUnit.HOUR),
    "monitoring.emergency-response": Limit(1, LimitUnit.HOUR),
    "monitoring.push": Limit(1, LimitUnit.HOUR),
    "monitoring.data-update": Limit(3, LimitUnit.WORKDAY),
    "monitoring.provider": Limit(1, LimitUnit.DAY),
    "monitoring.repair": Limit(3, LimitUnit.WORKDAY),
    "monitoring.bulletin": Limit(5, LimitUnit.WORKDAY),
}
FIRST = ("coach.principal", "coach.safety_manager")


class Choice(NamedTuple):
    requirement: str
    every: Every | None
    times: int
    within: Limit | None


def choices(firm: Firm) -> Iterator[Choice]:
    """Of the posts that the firm has filled; what it left undecided is not among them."""
    for requirement in [*SELF_FIXED, *_of_other_posts(firm)]:
        if requirement not in firm.undecided:
            yield choice(lawbook().requirement(requirement))


def _of_other_posts(firm: Firm) -> list[str]:
    held = sorted({h.position for h in firm.holders if h.position not in FIRST})
    positions = [lawbook().positions[position] for position in held]
    return [r.id for p in positions for r in p.requirements if r.kind is Kind.COMMITTED]


def choice(requirement: Requirement) -> Choice:
    proof = requirement.proofs[0].kind
    if requirement.id in LIMITS or requirement.id in FREQUENCIES or requirement.id in SELF_FIXED:
        every, times = FREQUENCIES.get(requirement.id, (None, 1))
        return Choice(requirement.id, every, times, LIMITS.get(requirement.id))
    if requirement.asks == "limit":
        return Choice(requirement.id, None, 1, WITHIN[proof])
    return Choice(requirement.id, EVERY_KIND.get(proof, QUARTERLY), 1, None)
