"""A room with people in it: a study whose roll is called, and what their fingers draw."""

from __future__ import annotations

import json
from datetime import datetime

from anze.records.acting.context import Actor, acting
from anze.records.evidence import arrivals
from anze.records.evidence.actions import Draft, PartInput, draft_record
from anze.records.evidence.arrivals import Arrival
from anze.records.evidence.roll_calls import open_roll_call
from tests.cast import NOW, Cast, Company

STUDY = "training.driver-study"
PHONE, OTHER_PHONE = "a" * 64, "b" * 64


def drawn(shift: int = 0) -> str:
    """A name; another `shift` is another hand."""
    return json.dumps([[100, 50, 200 + shift, 50, 150, 50, 150, 150], [110, 100, 190, 100]])


def study(company: Company, **changes: object) -> Draft:
    """Being held: both drivers are asked, nothing is known of who came."""
    given: dict[str, object] = {
        "kind": STUDY,
        "title": "十一月驾驶员安全学习",
        "happened_at": NOW,
        "values": {"topic": "冬季行车安全", "hours": "2", "exam": "口试", "place": "会议室"},
        "parts": [
            PartInput(company.safety_manager, "organiser"),
            *(PartInput(driver, "participant") for driver in company.drivers),
        ],
    }
    return Draft(**(given | changes))  # type: ignore[arg-type]  # a test names any field


def called(cast: Cast, **changes: object) -> int:
    """The draft whose roll is being called."""
    with cast.acts("safety_manager"):
        record_id = draft_record(draft=study(cast.a, **changes))
        open_roll_call(record_id=record_id)
    return record_id


def arrives(
    cast: Cast,
    record_id: int,
    person: int,
    *,
    device: str = PHONE,
    strokes: str | None = None,
    company: Company | None = None,
    at: datetime = NOW,
) -> Arrival:
    """Somebody without an account who said who they are."""
    own = company or cast.a
    actor: Actor = arrivals.person_there(person, "", own.id)
    with acting(actor, reads=(own.id,), at=at):
        given = drawn(person % 50) if strokes is None else strokes
        return arrivals.arrive(record_id=record_id, device=device, strokes=given)
