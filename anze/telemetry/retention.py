"""How long positions are kept, never less than the rule, and how they go.

《道路运输车辆动态监督管理办法》: monitoring data is kept for at least six months. A company's journal says
that its positions expired before the file goes: `expire` marks, the caller notes every share, `forget`
deletes.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import LiteralString

from anze.telemetry.acceptance import OLDEST
from anze.telemetry.cold import PATIENCE, drop_days, lock_mover
from anze.telemetry.schema import Connection

LEAST_MONTHS = 6
# Younger ones can still be sent again, and must be known.
IDENTITY_DAYS = OLDEST.days + 2

EXPIRE: LiteralString = """
UPDATE telemetry.manifest SET expired_at = now() WHERE day < %s AND expired_at IS NULL RETURNING name
"""
FORGET: LiteralString = """
DELETE FROM telemetry.manifest m WHERE expired_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM telemetry.share s WHERE s.manifest_id = m.id) RETURNING name
"""


class TooShort(ValueError):  # noqa: N818 -- a refusal
    """Less than the rule."""


def months_kept(asked: int) -> int:
    if asked < LEAST_MONTHS:
        raise TooShort(f"动态监控数据至少保存 {LEAST_MONTHS} 个月，不能设为 {asked} 个月。")
    return asked


def first_kept(today: date, months: int) -> date:
    """The first day of receipt that is kept: whole months back, the day itself included."""
    whole = today.year * 12 + today.month - 1 - months_kept(months)
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def expire(connection: Connection, today: date, months: int) -> list[str]:
    """Files that are live no longer; what is kept beside positions goes with them. As the owner."""
    first = first_kept(today, months)
    with connection.transaction():
        lock_mover(connection)
        names = [name for (name,) in connection.execute(EXPIRE, [first])]
        connection.execute("DELETE FROM telemetry.gap WHERE until < %s", [first])
        connection.execute("DELETE FROM telemetry.quality WHERE day < %s", [first])
        connection.execute("DELETE FROM telemetry.command WHERE asked_at < %s", [first])
        connection.execute("DELETE FROM telemetry.trace WHERE at < %s", [first])
    for parent in ("raw_frame", "message"):
        drop_days(connection, parent, first)
    drop_days(connection, "identity", today - timedelta(days=IDENTITY_DAYS))
    return names


def forget(connection: Connection, root: Path) -> list[str]:
    """Delete expired files whose every share has been noted. As the owner."""
    with connection.transaction():
        lock_mover(connection)
        names = [name for (name,) in connection.execute(FORGET)]
    with connection.transaction():
        connection.execute(PATIENCE)
        # Whoever read the name before it went has finished with the file when we get this.
        connection.execute("LOCK TABLE telemetry.manifest IN ACCESS EXCLUSIVE MODE")
        for name in names:
            (root / name).unlink(missing_ok=True)
    return names
