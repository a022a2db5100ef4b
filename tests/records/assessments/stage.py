"""A taxi company of the cast, for the standard that is encoded is of that trade, and its assessments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from anze.records.acting.context import SYSTEM, acting
from anze.records.assessments import actions, planning, reviewing, sampling
from anze.records.assessments.actions import Given
from anze.records.assessments.planning import Plan
from anze.records.assessments.queries import overview
from anze.records.duties.actions import seal_records
from anze.records.evidence.actions import Draft, PartInput, draft_record
from anze.records.lawbook import lawbook
from anze.records.tenants.models import Company
from tests.cast import NOW, Cast, build_cast

SINCE, LAST = date(2026, 1, 1), date(2026, 12, 31)
FIRST, RULE = "taxi-2012.1.1.a", "taxi-2012.1.1.a.r4"
SECOND = "taxi-2012.1.1.b"
SAMPLES = ("people", "vehicles")


@dataclass(frozen=True)
class Scene:
    """`running`: nothing is answered by anybody. `ready`: everything is, and both samples are drawn."""

    cast: Cast
    running: int
    ready: int


def build_scene() -> Scene:
    """Needs a database."""
    cast = build_cast()
    running = started(cast)
    ready = started(cast, title="可以提交的自评")
    answer_all(cast, ready)
    draw_all(cast, ready)
    return Scene(cast, running, ready)


def as_taxi(cast: Cast) -> None:
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        Company.objects.filter(pk=cast.a.id).update(trade="taxi")


def plan(cast: Cast, **changes: object) -> Plan:
    words: dict[str, object] = {
        "title": "2026年度自评",
        "scheme": "taxi-2012",
        "target": "second",
        "since": SINCE,
        "last": LAST,
        "lead": cast.a.safety_manager,
        "reviewer": cast.a.principal,
        "members": (cast.a.safety_manager, cast.a.monitor),
    }
    return Plan(**(words | changes))  # type: ignore[arg-type]  # a test names any field


def planned(cast: Cast, **changes: object) -> int:
    as_taxi(cast)
    with cast.acts("safety_manager"):
        return planning.plan(company_id=cast.a.id, plan=plan(cast, **changes))


def started(cast: Cast, **changes: object) -> int:
    assessment = planned(cast, **changes)
    with cast.acts("safety_manager"):
        actions.start(assessment_id=assessment)
    return assessment


def answer_all(cast: Cast, assessment: int) -> None:
    """Nothing is found wrong wherever facts say nothing; samples are drawn by whoever calls."""
    with cast.acts("safety_manager"):
        score = overview(assessment).score
        for item in score.items:
            given = [Given(rule, 0) for rule in item.open]
            veto = item.item.veto
            if veto is not None and veto.id not in score.standpoints:
                given.append(Given(veto.id, 0))
            if given:
                actions.answer(assessment_id=assessment, item=item.item.id, given=given)


def draw_all(cast: Cast, assessment: int) -> None:
    with cast.acts("safety_manager"):
        for rule in SAMPLES:
            sampling.draw(assessment_id=assessment, rule=rule, seed="20261120")


def keep_targets(cast: Cast) -> None:
    """From now on no record of yearly targets means that there are none."""
    with cast.acts("safety_manager"):
        planning.declare_kept(company_id=cast.a.id, since={"target.plan": date(2025, 1, 1)})


def concluded(scene: Scene) -> int:
    """The one that is ready, with nothing lost."""
    cast, assessment = scene.cast, scene.ready
    with cast.acts("safety_manager"):
        actions.hand_in(assessment_id=assessment)
    with cast.acts("principal"):
        reviewing.finish_review(assessment_id=assessment, remark="同意")
    with cast.acts("safety_manager"):
        reviewing.conclude(assessment_id=assessment)
    return assessment


def concluded_of(cast: Cast) -> int:
    """Of a company of the cast, from the plan on."""
    assessment = started(cast)
    answer_all(cast, assessment)
    draw_all(cast, assessment)
    return concluded(Scene(cast, assessment, assessment))


def reviewing_answer(assessment: int, given: Given) -> None:
    actions.review(assessment_id=assessment, item=SECOND, given=[given])


def sealed(cast: Cast, kind: str, **values: str) -> int:
    with cast.acts("safety_manager"):
        record = draft_record(
            draft=Draft(
                kind=kind,
                title="记录",
                happened_at=NOW - timedelta(days=1),
                values=values,
                parts=[PartInput(cast.a.safety_manager, next(iter(lawbook().kinds[kind].roles)))],
            )
        )
        seal_records(record_ids=[record])
    return record
