"""What an authenticator on a telephone shows, and an account of the cast that has one."""

from __future__ import annotations

from datetime import datetime

import time_machine
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from anze.records.people.factors import begin_second_factor, confirm_second_factor
from tests.cast import NOW, Cast

STEP = 30  # seconds


def shown(cast: Cast, member: str, at: datetime = NOW, *, steps: int = 0) -> str:
    """The six digits at an instant, or so many steps from it."""
    device = TOTPDevice.objects.get(user=cast.account(member).pk)
    totp = TOTP(device.bin_key)
    totp.time = at.timestamp() + steps * STEP
    return f"{totp.token():06d}"


def wrong(cast: Cast, member: str, at: datetime = NOW) -> str:
    """Six digits that are shown neither now nor a step away."""
    near = {shown(cast, member, at, steps=steps) for steps in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444") if code not in near)


def equip(cast: Cast, member: str, at: datetime = NOW) -> tuple[str, ...]:
    """Switch the second factor on; the recovery codes. The code of `at` is used up by it."""
    with time_machine.travel(at, tick=False), cast.acts(member, at):
        begin_second_factor()
        codes = confirm_second_factor(code=shown(cast, member, at))
    cast.account(member).refresh_from_db()
    return codes
