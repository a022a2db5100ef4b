"""A roll call (现场签到): whoever can scan the code on the screen is in the room.

Rule 1: the code changes every 30 seconds and is taken until the next one has gone too: a photograph of it is
worth nothing a minute later.
Rule 2: whoever scanned it has five minutes to sign, on the device that scanned.
"""

from __future__ import annotations

from datetime import datetime, timedelta

CHANGES = timedelta(seconds=30)
TO_SIGN = timedelta(minutes=5)


def turn_of(at: datetime) -> int:
    """The number of the code that the screen shows at an instant."""
    return int(at.timestamp() // CHANGES.total_seconds())


def is_fresh(turn: int, at: datetime) -> bool:
    """A clock that runs behind shows no code of the future: these are forged or of another server."""
    return 0 <= turn_of(at) - turn <= 1


def may_sign(scanned: datetime, at: datetime) -> bool:
    return timedelta(0) <= at - scanned < TO_SIGN
