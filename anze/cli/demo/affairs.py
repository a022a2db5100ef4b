"""What comes up and is then answered: papers, tasks, hirings, routes, faults, alarms; told from a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from anze.cli.demo.days import at, office_day
from anze.cli.demo.regulars import Parts, cast
from anze.cli.demo.story import Happening, Teller
from anze.records.acting.context import SHANGHAI

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What is done `wait` after the event; the event itself waits for nothing."""

    kind: str
    title: str
    parts: Parts
    values: Mapping[str, str]
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Affair:
    """An event and its answers, in these months back.

    `by` writes all of it, or the safety manager. `slow`, `forgotten`: months back in which the last answer
    came five times as late, or none did. `begins`: the field that says when it starts, and after how long.
    """

    key: str
    backs: tuple[int, ...]
    day: int
    event: Step
    answers: tuple[Step, ...]
    by: str | None = None
    begins: tuple[str, timedelta] | None = None
    vehicle: bool = False
    slow: tuple[int, ...] = ()
    forgotten: tuple[int, ...] = ()


def tell(teller: Teller, affairs: tuple[Affair, ...]) -> Iterator[Happening]:
    for affair in affairs:
        for back in affair.backs:
            if back <= teller.days.months and cast(teller, first(affair.event), teller.days.start):
                yield from _told(teller, affair, back)


def first(step: Step) -> tuple[str, ...]:
    return next(iter(step.parts.values()))


def _told(teller: Teller, affair: Affair, back: int) -> Iterator[Happening]:
    day, key = teller.days.day(back, affair.day), f"{affair.key}-{back}"
    yield happening(teller, affair, affair.event, back, key)
    careless = teller.firm.rate < 1 and not teller.firm.keeps(affair.key, back)
    if back in affair.forgotten or careless:
        return
    for step in affair.answers:
        if cast(teller, first(step), day):
            yield happening(teller, affair, step, back, key)


def happening(teller: Teller, affair: Affair, step: Step, back: int, key: str) -> Happening:
    day = teller.days.day(back, affair.day)
    last = affair.answers[-1] if affair.answers else None
    wait = step.wait * (5 if back in affair.slow and step is last else 1)
    happened = at(day, "09:10") + wait
    if wait > 12 * HOUR:
        happened = at(office_day(day + wait), "15:10")
    shown = {"year": day.year, "month": day.month, "day": day.day, "season": (day.month + 2) // 3}
    values = {name: text.format(**shown) for name, text in step.values.items()}
    if step is affair.event and affair.begins is not None:
        values[affair.begins[0]] = str(day + affair.begins[1])
    return Happening(
        kind=step.kind,
        title=step.title.format(**shown),
        happened=happened,
        seal=_sealed(affair, step, happened),
        by=_writer(teller, affair, day),
        values=values,
        parts=_parts(teller, step, day, back),
        vehicles=(back * 5 % teller.firm.vehicles,) if affair.vehicle else (),
        key=key if step is affair.event else None,
        about=None if step is affair.event else key,
    )


def _sealed(affair: Affair, step: Step, happened: datetime) -> datetime:
    """The event at once; what followed it on the same day together, in the late afternoon."""
    evening = at(happened.astimezone(SHANGHAI).date(), "16:50")
    return happened + timedelta(minutes=40) if step is affair.event else max(evening, happened)


def _writer(teller: Teller, affair: Affair, day: date) -> str:
    return teller.writer(affair.by, day) if affair.by else teller.safety(day)


def _parts(teller: Teller, step: Step, day: date, back: int) -> dict[str, list[str]]:
    """@driver is another one each month."""
    drivers = teller.firm.drivers(day)
    named = {role: [drivers[back * 3 % len(drivers)] if k == "@driver" else k for k in keys]
             for role, keys in step.parts.items()}  # fmt: skip
    cast_on = {role: cast(teller, keys, day) for role, keys in named.items()}
    return {role: keys for role, keys in cast_on.items() if keys}
