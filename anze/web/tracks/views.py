"""The vehicles of the company at hand with their latest positions, and one of them with its track."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anze.records.acting.context import current
from anze.records.acting.paging import PAGE_SIZE, Page
from anze.records.fleet import positions, queries
from anze.records.fleet.actions import tidy_plate
from anze.records.fleet.positions import TrackUnavailable, VehiclePosition
from anze.telemetry.track import TrackPoint
from anze.web.obligations.filters import page_number
from anze.web.tracks.drawing import draw
from anze.web.tracks.words import SOURCES, STATES, say_heading, say_place, say_speed, state_of
from anze.web.ui.company import company_at_hand, of_company

FIRST_DAY = date(2000, 1, 1)
MOST_GAPS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A vehicle of the list."""

    vehicle_id: int
    plate: str
    badge: tuple[str, str]
    at: datetime | None
    motion: str
    place: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A position of the table."""

    at: datetime
    motion: str
    place: str
    facts: str


@of_company("see_positions")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    rows = positions.fleet_positions(company.id)
    counts = Counter(map(state_of, rows))
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    search = request.GET.get("q", "").strip()[:20]
    wanted = tidy_plate(search)
    shown = [row for row in rows if state in ("", state_of(row)) and wanted in row.vehicle.plate]
    words = {
        "company": company,
        "page": _page([_line(row) for row in shown], page_number(request.GET)),
        "tiles": [(key, label, counts[key]) for key, (_, label) in STATES.items()],
        "vehicles": len(rows),
        "state": state,
        "search": search,
        "states": {key: label for key, (_, label) in STATES.items()},
        "list_id": "list",
    }
    return render(request, "tracks/index.html", words)


@of_company("see_positions")
def vehicle(request: HttpRequest, vehicle_id: int) -> HttpResponse:
    """Yesterday and today, or the day asked for."""
    found = queries.vehicle(vehicle_id)
    today = current().today
    typed = request.GET.get("day", "").strip()[:20]
    asked = _day(typed)
    days = [today - timedelta(days=1), today] if asked is None else [asked]
    words: dict[str, Any] = {"points": [], "gaps": [], "refused": ""}
    try:
        words["points"] = positions.track_of(found, days)
        gaps = positions.gaps_of(found, days)
        words |= {"gap_count": len(gaps), "gaps": gaps[: -MOST_GAPS - 1 : -1]}
    except TrackUnavailable as refusal:
        words["refused"] = str(refusal)
    row = positions.position_of(found)
    newest_first = [_spot(point) for point in reversed(words["points"])]
    words |= {
        "company": company_at_hand(request),
        "vehicle": found,
        "line": _line(row),
        "latest": row.latest,
        "mileage": _mileage(row),
        "terminal": row.terminal,
        "drawing": draw(words["points"]),
        "page": _page(newest_first, page_number(request.GET)),
        "days": days,
        "asked": asked,
        "ignored": typed if asked is None else "",
        "today": today,
        "top_speed": say_speed(max((point.speed for point in words["points"]), default=0)),
        "list_id": "list",
    }
    return render(request, "tracks/vehicle.html", words)


def _line(row: VehiclePosition) -> Line:
    last = row.latest
    badge = STATES[state_of(row)]
    if last is None:
        return Line(row.vehicle.id, row.vehicle.plate, badge, None, "", "")
    place = say_place(last.longitude, last.latitude) if last.located else "未定位"
    return Line(
        row.vehicle.id, row.vehicle.plate, badge, last.device_time, _motion(last.speed, last.direction), place
    )


def _spot(point: TrackPoint) -> Spot:
    place = say_place(point.longitude, point.latitude) if point.located else "未定位"
    facts = ("ACC 开" if point.status & 1 else "ACC 关", SOURCES[point.source])
    return Spot(point.device_time, _motion(point.speed, point.direction), place, " · ".join(facts))


def _motion(speed: int, direction: int) -> str:
    return f"{say_speed(speed)} 向{say_heading(direction)}" if speed else "静止"


def _mileage(row: VehiclePosition) -> str:
    last = row.latest
    return "" if last is None or last.mileage is None else f"{last.mileage / 10:.1f} 公里"


def _page(rows: Sequence[Any], number: int) -> Page[Any]:
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = min(max(1, number), pages)
    return Page(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, pages, len(rows))


def _day(text: str) -> date | None:
    """None for what is no day, and for one that has no positions yet."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= current().today else None
