"""Which assessments the actor may see, and which of them may be changed in what way.

Rule 1: whoever answers for the company sees all of it, a member of the team or a reviewer theirs; an
authority sees what was submitted.
Rule 2: only what is running is answered; an item is answered by whoever it is given to, by the lead, or by
whoever conducts assessments.
Rule 3: the reviewer answers for themselves and for nobody else, and never what they answered before.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may, require
from anze.records.assessments.models import Assessment, Member, Share
from anze.records.journal.actions import append, digest_of
from anze.records.lawbook import regimes_of, scheme_of
from anze.rules.catalogue.schemes import Item, Regime, Scheme, regime_on

LARGEST_ID = 2**63 - 1
LABEL = "assessments.assessment"
NO_ASSESSMENT = "没有这次考评。"
STATUS = Assessment.Status
SHOWN_TO_AUTHORITY = (STATUS.SUBMITTED, STATUS.REVIEWED, STATUS.CONCLUDED)


class NotOpen(Refused):
    """The assessment is not at the stage at which this can be done."""


def visible() -> QuerySet[Assessment]:
    rows, actor = Assessment.objects.all(), current().actor
    if actor.authority is not None and may(actor, "supervise"):
        return rows.filter(status__in=SHOWN_TO_AUTHORITY)
    if may(actor, "see_company"):
        return rows
    require("assess")
    member = Member.objects.filter(person=actor.person or 0).values("assessment")
    return rows.filter(Q(pk__in=member) | Q(reviewer=actor.person or 0))


def seen(assessment_id: int) -> Assessment:
    """Raises NotFound, for another company's too."""
    scope, key = current(), ("assessment", assessment_id)
    if key not in scope.memo:
        rows = visible().select_related("lead", "reviewer")
        found = rows.filter(pk=assessment_id).first() if 0 < assessment_id <= LARGEST_ID else None
        if found is None:
            raise NotFound(NO_ASSESSMENT)
        scope.memo[key] = found
    row: Assessment = scope.memo[key]
    return row


def scheme(row: Assessment) -> Scheme:
    """The standard that it pins. Raises EditionMissingError."""
    return scheme_of(row.scheme, row.edition)


def regime(row: Assessment) -> Regime:
    found = regime_on(regimes_of(row.regime), row.since)
    assert found is not None, "asked when it was planned"
    return found


def locked(assessment_id: int, *stages: str, verb: str = "assess") -> Assessment:
    """For an act. Raises NotFound, NotPermitted, NotOpen."""
    require(verb)
    seen(assessment_id)
    row = Assessment.objects.select_for_update().get(pk=assessment_id)
    if row.status not in stages:
        raise NotOpen(_CLOSED[STATUS(row.status)])
    return row


_CLOSED = {
    STATUS.PLANNED: "考评还没有开始，请先点“开始考评”。",
    STATUS.RUNNING: "考评正在进行，请先完成判定并提交。",
    STATUS.SUBMITTED: "考评已提交复核，不能再改动。需要更正时，请由复核人退回。",
    STATUS.REVIEWED: "考评已复核，不能再改动，可以作出结论。",
    STATUS.CONCLUDED: "考评已作出结论，不能再改动。",
    STATUS.CANCELLED: "考评已取消。",
}


def acting_person() -> int:
    """Whoever judges is somebody. Raises NotPermitted."""
    person = current().actor.person
    if person is None:
        raise NotPermitted("判定须由本企业人员作出。")
    return person


def may_answer(row: Assessment, item: str) -> bool:
    """Of a running assessment."""
    actor = current().actor
    if not may(actor, "assess") or actor.person is None or actor.person == row.reviewer_id:
        return False
    if may(actor, "conduct_assessment") or actor.person == row.lead_id:
        return True
    return Share.objects.filter(assessment=row, item=item, person=actor.person).exists()


def require_answering(row: Assessment, item: str) -> int:
    """The person who answers. Raises NotPermitted."""
    person = acting_person()
    if person == row.reviewer_id:
        raise NotPermitted("您是本次考评的复核人，不能参加初评；请由其他人判定。")
    if not may_answer(row, item):
        raise NotPermitted("这个要点没有分给您，请由承担人或组长判定。")
    return person


def require_conducting(row: Assessment) -> None:
    actor = current().actor
    if not may(actor, "conduct_assessment") and actor.person != row.lead_id:
        raise NotPermitted("只有考评组长和组织考评的人可以办理。")


def require_lead(row: Assessment) -> None:
    """What is the team's own business, or concludes it: never the reviewer's."""
    require_conducting(row)
    if current().actor.person == row.reviewer_id:
        raise NotPermitted("您是本次考评的复核人，这一步请由考评组长或其他组织考评的人办理。")


def require_reviewer(row: Assessment) -> int:
    person = acting_person()
    if person != row.reviewer_id:
        raise NotPermitted("只有指定的复核人可以复核。")
    return person


def note(action: str, row: Assessment, content: object, reason: str | None = None) -> None:
    """To the journal; what was typed stays behind the salt."""
    digest = digest_of([row.salt, content])
    append(
        action=f"assessments.{action}",
        rows=[(LABEL, row.pk, digest)],
        company_id=row.company_id,
        reason=reason,
    )


def text(value: str, what: str, most: int) -> str:
    """Trimmed. Raises Refused where it is empty or too long."""
    clean = value.replace("\x00", "").strip()
    if not clean:
        raise Refused(f"请填写{what}。")
    if len(clean) > most:
        raise Refused(f"{what}最多 {most} 字。")
    return clean


def known_item(scheme: Scheme, item_id: str) -> Item:
    """Raises NotFound."""
    found = next((item for item in scheme.items if item.id == item_id), None)
    if found is None:
        raise NotFound("标准中没有这个要点。")
    return found
