"""What an authority's platform asks, as the process that holds the link stores it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from tests.fleet import as_owner

CALL = {"text": "请报当前在线车辆数", "object_type": 1, "object_id": "31000001", "question_id": 5}
URGED = {
    "source": 1, "alarm": 2, "alarm_at": "2026-11-20T01:30:00+00:00", "supervision_id": 77, "level": 0,
    "supervisor": "李四", "telephone": "021-12345678", "mail": "", "plate": "浙A10001", "plate_colour": 2,
}  # fmt: skip
LINK = """
INSERT INTO telemetry.uplink (company_id, name, version, host, port, platform, platform_id, account, password,
    slave_address, slave_port)
VALUES (%s, '甬城市联网联控平台', 2019, '192.0.2.1', 9000, 31000001, '31000001', %s, 'geheim', '192.0.2.2',
    20000 + %s %% 40000)
ON CONFLICT DO NOTHING
"""
ASKED = """
INSERT INTO telemetry.question (uplink_id, company_id, kind, asked_at, due_at, serial, carrier, body, facts)
SELECT id, company_id, %s, %s, %s, 1, 37632, '', %s FROM telemetry.uplink WHERE company_id = %s RETURNING id
"""


def asked(
    company: int, *, at: datetime, minutes: int | None = 10, facts: dict[str, Any] | None = None
) -> int:
    """The question's id; committed. `facts`: of a supervision; else it is a roll-call."""
    with as_owner() as owner:
        owner.execute(LINK, [company, company, company])
        due = None if minutes is None else at + timedelta(minutes=minutes)
        kind = "roll_call" if facts is None else "supervision"
        values = [kind, at, due, Jsonb(facts or CALL), company]
        (question,) = owner.execute(ASKED, values).fetchone() or (0,)
    return int(question)


def delivered(question: int, at: datetime) -> None:
    with as_owner() as owner:
        owner.execute("UPDATE telemetry.question SET delivered_at = %s WHERE id = %s", [at, question])


def forget() -> None:
    """What tests whose transaction is rolled back have left."""
    with as_owner() as owner:
        owner.execute("TRUNCATE telemetry.question, telemetry.uplink")
