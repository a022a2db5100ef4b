"""How the two firms behave: what they fixed, left undecided, left out and sealed late."""

from __future__ import annotations

SELF_FIXED = (
    "coach.principal.r4.a",
    "coach.principal.r6.a",
    "coach.principal.d3.e",
    "coach.principal.d5.b",
    "coach.principal.d6.c",
    "coach.principal.d7.b",
    "coach.principal.d7.c",
    "coach.principal.d8.a",
    "coach.principal.d8.b",
    "coach.principal.d10.a",
    "coach.safety_manager.r2.a",
    "coach.safety_manager.r9.a",
    "coach.safety_manager.d4.a",
    "coach.safety_manager.d4.b",
    "coach.safety_manager.d6.a",
    "coach.safety_manager.d6.c",
    "coach.safety_manager.d7.c",
    "coach.safety_manager.d7.d",
    "coach.safety_manager.d7.e",
)
UNDECIDED = frozenset(
    {
        "coach.principal.d5.b",
        "coach.safety_manager.d7.d",
        "coach.admin_head.r8.c",
        "coach.operations_head.r9.a",
        "coach.technical_head.r5.a",
        "coach.monitoring_head.r10.a",
    }
)
# What was forgotten and what was sealed too late: the record, months back.
LEFT_OUT = (
    ("v-inspection", 7),
    ("o-inspection", 5),
    ("h-staff", 8),
    ("a-meeting", 4),
    ("a-dispatch", 9),
    ("p-inspection", 6),
    ("t-plan", 11),
    ("t-progress", 3),
    ("t-maintenance", 9),
    ("m-dispatch", 7),
    ("m-playback", 2),
    ("m-night", 5),
)
SEALED_LATE = (
    ("v-inspection", 4),
    ("o-inspection", 11),
    ("h-staff", 5),
    ("a-meeting", 12),
    ("p-inspection", 2),
    ("equipment", 6),
    ("m-supervision", 9),
    ("m-tracks", 3),
)
OTHER_UNDECIDED = frozenset(
    {
        "coach.operations_head.r6.d",
        "coach.operations_head.r9.a",
        "coach.operations_head.d2.a",
        "coach.technical_head.r5.a",
        "coach.technical_head.r10.a",
        "coach.technical_head.d1.c",
        "coach.technical_head.d5.b",
        "coach.monitor.r3.a",
        "coach.monitor.r5.a",
    }
)
