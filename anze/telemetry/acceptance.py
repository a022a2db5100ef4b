"""Which positions can be stored: a believable time, and numbers that the message's fields can hold.

A coordinate without a fix, at zero, or a speed that no vehicle drives are stored: what they mean is for the
rules to say. A device clock may be ahead by a day; a position older than half a year comes too late to be
told apart from one that has expired.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from anze.telemetry.columns import MICROSECOND, NO_TIME
from anze.wire.batch import NONE

OLDEST = timedelta(days=184)
AHEAD = timedelta(days=1)
# Beyond this a clock is wrong: stored, counted, and never taken for the latest position.
TRUSTED_AHEAD = timedelta(minutes=10)

WORD, DWORD = 0xFFFF, 0xFFFF_FFFF
LIMITS = {
    "longitude": (-180_000_000, 180_000_000),
    "latitude": (-90_000_000, 90_000_000),
    "altitude": (-WORD, WORD),
    "speed": (0, WORD),
    "direction": (0, WORD),
    "alarm": (0, DWORD),
    "status": (0, DWORD),
    "mileage": (NONE, DWORD),
    "recorder_speed": (NONE, WORD),
}


def why_not(table: NDArray[np.void]) -> dict[int, str]:
    """The reason to refuse, of each row that has one."""
    device, received = table["device_time"], table["received_at"]
    fits = np.ones(len(table), bool)
    for name, (least, most) in LIMITS.items():
        fits &= (table[name] >= least) & (table[name] <= most)
    reasons = {
        "out-of-range": ~fits,
        "too-old": device < received - OLDEST // MICROSECOND,
        "clock-ahead": device > received + AHEAD // MICROSECOND,
        "no-device-time": device == NO_TIME,
    }
    return {int(seq): reason for reason, rows in reasons.items() for seq in np.flatnonzero(rows)}
