"""Forms that act once: one that arrives twice, by a double click or a bad network, is told where it led.

A form is known by a digest of its mark, its address, its sender and all that was typed: typing changed on a
page gone back to is a form of its own. A twin under way is waited for; what failed is forgotten with its act.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from anze.records.acting.context import current
from anze.records.people.models import Submission

KEPT = timedelta(days=2)  # longer than anybody leaves a form open that is still on its way

TAKE = "INSERT INTO people_submission (digest, at, led_to) VALUES (%s, %s, '') ON CONFLICT DO NOTHING"


def take(*, digest: str) -> str | None:
    """None: the first of its kind, which may act. Otherwise the address that the first one led to."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [digest, current().at])
        if cursor.rowcount == 1:
            return None
    return Submission.objects.values_list("led_to", flat=True).get(digest=digest)


def settle(*, digest: str, led_to: str) -> None:
    """The form has acted. An empty `led_to`: it has not (a preview, say) and may come again."""
    taken = Submission.objects.filter(digest=digest)
    if led_to:
        taken.update(led_to=led_to)
    else:
        taken.delete()


def forget_old(*, at: datetime) -> int:
    """How many were forgotten."""
    return Submission.objects.filter(at__lt=at - KEPT).delete()[0]
