"""People as a sheet names them: 张伟、李强5678（请假）、王芳（2小时）.

Rule 1: the last four digits of the phone tell people of one name apart; they stand behind the name.
Rule 2: what stands in brackets says whether somebody came, for how long and with which result; anything
else there is part of the name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from anze.rules.results import WORDS, result_in

MARKS = {"到场": "attended", "请假": "excused", "缺席": "absent"}
SAID = {mark: word for word, mark in MARKS.items()}

_SEPARATORS = re.compile(r"[、，,;；/\n]+")
_NAME = re.compile(r"([^()]+?)(\d{4})?((?:\([^()]*\))*)", re.ASCII)
_TAIL = re.compile(r"\d{4}", re.ASCII)
_HOURS = re.compile(r"(\d+(?:\.\d{1,2})?)(?:小时|h|H)", re.ASCII)


class WrongName(ValueError):  # noqa: N818 -- says what it is
    """str() says in Chinese what cannot be read."""


@dataclass(frozen=True, slots=True)
class Named:
    """`tail`: last four digits of the phone, or empty; `hours`: empty means the record's own."""

    name: str
    tail: str = ""
    attendance: str = "attended"
    hours: str = ""
    score: str = ""
    outcome: str = ""  # passed, failed

    def __str__(self) -> str:
        marks = [] if self.attendance == "attended" else [SAID[self.attendance]]
        if self.hours:
            marks.append(f"{self.hours}小时")
        marks += [f"{self.score}分"] if self.score else []
        marks += [WORDS[self.outcome]] if self.outcome else []
        return self.name + self.tail + "".join(f"（{mark}）" for mark in marks)


def split(text: str) -> Iterator[str]:
    """The parts of a list; blanks alone separate nothing, a name may hold one."""
    return (part.strip() for part in _SEPARATORS.split(text) if part.strip())


def named_people(text: str) -> tuple[Named, ...]:
    """Raises WrongName."""
    return tuple(_named(part) for part in split(text))


def spelled(name: str) -> str:
    """One spelling of a name: half-width, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


def _named(part: str) -> Named:
    plain = spelled(part)
    found = _NAME.fullmatch(plain)
    if found is None:
        raise WrongName(f"“{part[:30]}”不是姓名；多人用顿号隔开，重名时加手机后四位，如 张伟5678。")
    name, tail, attendance, hours = found[1], found[2] or "", "attended", ""
    score, outcome = "", ""
    for mark in re.findall(r"\(([^()]*)\)", found[3]):
        if mark in MARKS:
            attendance = MARKS[mark]
        elif _TAIL.fullmatch(mark):
            tail = mark
        elif (length := _HOURS.fullmatch(mark)) is not None:
            hours = length[1]
        elif (said := result_in(mark, unit=True)) is not None:
            score, outcome = said.score or score, said.outcome or outcome
        else:
            name, tail = f"{name}{tail}({mark})", ""
    return Named(name, tail, attendance, hours, score, outcome)


def listed(people: Iterable[Named]) -> str:
    return "、".join(map(str, people))
