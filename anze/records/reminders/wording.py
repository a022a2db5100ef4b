"""What a message says: one sentence for each demand and period, subjects counted together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from anze.records.demands import queries as demands
from anze.records.duties.words import SUBJECT_LABELS
from anze.records.lawbook import lawbook
from anze.rules.periods import OFFSET, day_of
from anze.rules.reminders import Notice, Receiver

MOST_LINES = 20
VACANT = "岗位空缺"
RECEIVERS = {Receiver.PERSON: "本人", Receiver.SUPERIOR: "上级", Receiver.PRINCIPAL: "主要负责人"}
CHANNELS = {"mail": "邮件", "wecom": "企业微信群机器人", "dingtalk": "钉钉群机器人", "sms": "短信"}

Line = tuple[int | None, str]


class Told(NamedTuple):
    """An obligation as a message speaks of it. `due` None: a state that has not held since `since`."""

    requirement: str
    position: str
    subject_type: str | None
    starts: date
    due: datetime | None
    since: datetime
    owners: tuple[int, ...]


class Text(NamedTuple):
    title: str
    lines: tuple[Line, ...]


def written(
    notice: Notice, duties: Mapping[int, Told], names: Mapping[int, str], company: str, at: datetime
) -> Text:
    """Title and sentences; each sentence with the first obligation it speaks of."""
    groups: dict[Told, list[int]] = {}
    for item in notice.items:
        groups.setdefault(duties[item.duty], []).append(item.duty)
    lines: list[Line] = [
        (min(ids), _sentence(told, len(ids), notice.person, names, at)) for told, ids in groups.items()
    ]
    over = sum(told.due is None or told.due <= at for told in groups)
    title = f"【{company}】" + _title(len(groups) - over, over, len(notice.folded))
    more = len(lines) - MOST_LINES
    if more > 0:
        lines = [*lines[:MOST_LINES], (None, f"另有 {more} 项，请登录安责查看。")]
    if notice.folded:
        lines.append((None, f"开启提醒之前已逾期 {len(notice.folded)} 项，不再逐项提醒，请登录安责查看。"))
    return Text(title, tuple(lines))


def _title(coming: int, over: int, folded: int) -> str:
    parts = [f"{coming} 项职责即将到期"] if coming else []
    parts += [f"{over} 项已逾期"] if over else []
    return "，".join(parts) if parts else f"此前已逾期 {folded} 项"


def _sentence(told: Told, count: int, person: int, names: Mapping[int, str], at: datetime) -> str:
    requirement, position = demands.requirement(told.requirement), lawbook().positions[told.position]
    text = requirement.text.rstrip("。；")
    many = f"（{count} {SUBJECT_LABELS.get(told.subject_type or '', '项')}）" if count > 1 else ""
    whose = position.name
    if person not in told.owners:
        whose = f"{position.name} {people_in_words(told.owners, names) or VACANT}"
    return f"{whose}：{text}{many}，{deadline_in_words(told, at)}"


def people_in_words(people: Sequence[int], names: Mapping[int, str]) -> str:
    known = [names[person] for person in people if person in names]
    return "、".join(known[:3]) + (f"等 {len(known)} 人" if len(known) > 3 else "")


def deadline_in_words(told: Told, at: datetime) -> str:
    if told.due is None:
        return f"自 {_day(day_of(told.since))}起未达到"
    last = day_of(told.due - timedelta(microseconds=1))
    local = told.due.astimezone(OFFSET)
    hour = "" if (local.hour, local.minute) == (0, 0) else f" {local:%H:%M}"
    left = (last - day_of(at)).days
    if told.due <= at:
        return f"{_day(last)}{hour}截止，已逾期" + (f" {-left} 天" if left else "")
    return f"{_day(last)}{hour}截止，" + (f"还有 {left} 天" if left else "就在今天")


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def body_of(
    *, name: str, lines: Iterable[tuple[str, str]], mark: str, site: str, most_bytes: int | None = None
) -> str:
    """The plain text of a message: (sentence, address) each; kept under `most_bytes` by leaving lines out."""
    numbered = [
        f"{number}. {sentence}" + (f"\n{address}" if address else "")
        for number, (sentence, address) in enumerate(lines, 1)
    ]
    head = [f"{name}："]
    tail = ([f"登录：{site}"] if site else []) + [f"（编号 {mark}，重复收到可忽略）"]
    dropped = 0
    while True:
        rest = [f"另有 {dropped} 项，请登录安责查看。"] if dropped else []
        text = "\n".join([*head, *numbered, *rest, *tail])
        if most_bytes is None or len(text.encode()) <= most_bytes or not numbered:
            return text
        numbered.pop()
        dropped += 1
