"""Who drives: the card in the reader.

2011 sends names without a card event; 2013 sends the event, and the rest only where a card was read;
2019 adds the number of the identity card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anze.wire.fields import BYTE, ByVersion, Digits, Kind, Moment, Prefixed, Seen, Tail, Text, since_2013
from anze.wire.tables import Message, column, message

INSERTED, READ = 1, 0


@message(0x8702, "上报驾驶员身份信息请求", "8.47")
class DriverQuery(Message):
    pass


def card_inserted(seen: Seen) -> bool:
    return bool(seen.values["event"] == INSERTED)


def card_read(seen: Seen) -> bool:
    return card_inserted(seen) and bool(seen.values["reading"] == READ)


@dataclass(frozen=True, slots=True)
class Card:
    """A field of the card: there when the card was read; some send it with every event."""

    condition: Callable[[Seen], bool]
    kind: Kind

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Any, int]:
        return self.kind.read(data, at, seen) if self.condition(seen) or at < len(data) else (None, at)

    def write(self, value: Any, seen: Seen) -> bytes:
        return b"" if value is None else self.kind.write(value, seen)


NAME = Prefixed(BYTE, Text())
CARD_NAME, CARD_TEXT = Card(card_read, NAME), Card(card_read, Text(20))


@message(0x0702, "驾驶员身份信息采集上报", "8.48", answers=(0x8702,))
class DriverCard(Message):
    event: int | None = column(since_2013(BYTE), "状态：1 插卡 2 拔卡", default=None)
    time: datetime | None = column(since_2013(Moment()), "时间", default=None)
    reading: int | None = column(
        since_2013(Card(card_inserted, BYTE)),
        "IC 卡读取结果：0 成功 1 密钥认证未通过 2 已被锁定 3 被拔出 4 数据校验错误",
        default=None,
    )
    name: str | None = column(ByVersion(NAME, CARD_NAME, CARD_NAME), "驾驶员姓名", default=None)
    identity: str | None = column(ByVersion(Text(20), None, None), "驾驶员身份证编码", default=None)
    certificate: str | None = column(
        ByVersion(Text(40), CARD_TEXT, CARD_TEXT), "从业资格证编码", default=None
    )
    issuer: str | None = column(ByVersion(NAME, CARD_NAME, CARD_NAME), "发证机构名称", default=None)
    valid_until: str | None = column(
        since_2013(Card(card_read, Digits(4))), "证件有效期：YYYYMMDD", default=None
    )
    identity_card: str | None = column(
        ByVersion(None, None, Card(card_read, Tail(Text(20)))), "驾驶员身份证号", default=None
    )
