"""A company whose reminders are on, with one duty that falls due at the end of the month."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import override_settings

from anze.records.acting.context import SYSTEM, acting
from anze.records.duties.models import Obligation
from anze.records.reminders import actions
from anze.rules.periods import midnight
from anze.rules.reminders import Receiver, Step
from tests.cast import NOW, Cast, cast

__all__ = ["cast"]

MAIL = ("mail",)
STEPS = (Step(-3, Receiver.PERSON, MAIL), Step(1, Receiver.PRINCIPAL, MAIL))
DUE = midnight(date(2026, 12, 1))


@pytest.fixture
def mail_server():
    with override_settings(
        EMAIL_HOST="mail.example", DEFAULT_FROM_EMAIL="anze@example.cn", SITE="https://a.cn"
    ):
        yield


def owe(cast: Cast, *, person: int | None = None, state: str = "open", due: datetime | None = DUE) -> int:
    """One obligation of the safety manager's post, as the sweep would have stored it."""
    with cast.acts("safety_manager"):
        count = Obligation.objects.count()
        return Obligation.objects.create(
            company_id=cast.a.id,
            requirement="coach.safety_manager.d1.a",
            position="coach.safety_manager",
            person=person,
            event=count + 1,
            starts=date(2026, 11, 1),
            due=due,
            state=state,
            since=NOW - timedelta(days=5),
            reason="waiting",
            cites=[],
            facts=[],
            layer="national",
            done=0,
            needed=1,
            edition="0" * 12,
            decided_at=NOW,
        ).pk


def switch_on(cast: Cast, at: datetime = NOW, member: str = "safety_manager") -> None:
    with cast.acts(member, at):
        actions.set_ladder(on=True, hour=8, steps=STEPS)
        actions.set_contact(email="li@example.cn", by_mail=True, by_sms=True)


def queue(cast: Cast, at: datetime) -> int:
    from anze.records.reminders.planning import queue_due

    with acting(SYSTEM, reads=(cast.a.id,), at=at):
        return queue_due(company_ids=[cast.a.id])
