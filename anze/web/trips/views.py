"""三检: today's checks of the company or one's own vehicles, and the form of one check."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from anze.records.acting.context import current
from anze.records.acting.errors import NotPermitted, Refused
from anze.records.acting.permissions import may
from anze.records.dossiers.trips import CHECK, PHASES, VehicleDay, day_of_checks, repairer
from anze.records.duties import actions as duties
from anze.records.evidence import actions as evidence
from anze.records.fleet import pairs as fleet_pairs
from anze.records.fleet import queries as fleet
from anze.web.records.kinds import kind_or_none
from anze.web.trips.forms import CheckForm
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.dates import FIRST_DAY

LABELS = {"before": "出车前", "during": "行车中", "after": "收车后"}


@require_safe
@of_company("see_own")
def index(request: HttpRequest) -> HttpResponse:
    company, today = company_at_hand(request), current().today
    day = _day(request.GET.get("day", ""), today)
    rows = day_of_checks(company.id, day)
    checked = {phase: sum(phase in row.checks for row in rows) for phase in PHASES}
    words = {
        "company": company,
        "day": day,
        "today": today,
        "rows": rows,
        "tiles": [(LABELS[phase], checked[phase], len(rows)) for phase in PHASES],
        "phases": LABELS.items(),
        "whole": may(current().actor, "see_company"),
        "may_check": may(current().actor, "draft_record"),
        "manages": may(current().actor, "manage_people"),
    }
    return render(request, "trips/index.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
@of_company("draft_record")
def check(request: HttpRequest) -> HttpResponseBase:
    company, me = company_at_hand(request), current().actor.person
    kind = kind_or_none(CHECK)
    if me is None or kind is None:
        raise NotPermitted("只有本企业人员可以做三检。")
    posted = request.POST if request.method == "POST" else None
    form = CheckForm(kind, _vehicles(company.id, me), posted, _begun(request, company.id, me))
    if form.is_valid():
        found = repairer(company.id)
        if attempted(form, lambda: _seal(request, form, me, found[0] if found else None)):
            _say(request, form, found[1] if found else "")
            return redirect("own:trips")
    words = {
        "company": company,
        "form": form,
        "lines": form.lines(),
        "others": any(bound.errors for bound in (form["vehicle"], form["phase"])),
    }
    return render(request, "trips/check.html", words, status=422 if form.errors else 200)


def _seal(request: HttpRequest, form: CheckForm, me: int, whose: int | None) -> None:
    """Draft, pictures and seal together or not at all."""
    record = evidence.draft_record(draft=form.draft(me, whose))
    for picture in request.FILES.getlist("pictures"):
        if (picture.size or 0) > evidence.LARGEST:
            raise Refused(f"“{picture.name}”超过 {evidence.LARGEST >> 20} MB，请重拍。")
        evidence.attach_file(record_id=record, name=picture.name or "照片", chunks=picture.chunks())
    duties.seal_records(record_ids=[record])


def _say(request: HttpRequest, form: CheckForm, whose: str) -> None:
    done = f"{form.plates[form.cleaned_data['vehicle']]} {LABELS[form.cleaned_data['phase']]}检查已提交。"
    if not (defects := form.defects()):
        messages.success(request, done)
        return
    told = f"已转给{whose}处理" if whose else "已列入待落实事项"
    messages.warning(request, f"{done}{len(defects)} 处异常{told}，处理好之前不要出车。")


def _vehicles(company_id: int, me: int) -> dict[int, str]:
    """One's own first, then every other in the fleet."""
    own = {pair.vehicle_id: pair.plate for pair in fleet_pairs.pairs(company_id=company_id, driver_id=me)}
    return own | {row.id: row.plate for row in fleet.vehicles() if row.id not in own}


def _begun(request: HttpRequest, company_id: int, me: int) -> dict[str, Any]:
    """The vehicle of the standing pair, and the first check that is still to be done today."""
    own = fleet_pairs.pairs(company_id=company_id, driver_id=me)
    asked = request.GET.get("vehicle", "")
    vehicle = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    if vehicle is None and len({pair.vehicle_id for pair in own}) == 1:
        vehicle = own[0].vehicle_id
    phase = request.GET.get("phase", "")
    if phase not in PHASES:
        phase = _next(day_of_checks(company_id, current().today), vehicle)
    return {"vehicle": vehicle, "phase": phase}


def _next(rows: list[VehicleDay], vehicle: int | None) -> str:
    done = next((row.checks for row in rows if row.vehicle_id == vehicle), {})
    return next((phase for phase in PHASES if phase not in done), PHASES[-1])


def _day(text: str, today: date) -> date:
    """The asked one, or today where it cannot be read or lies ahead."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if FIRST_DAY <= day <= today else today
