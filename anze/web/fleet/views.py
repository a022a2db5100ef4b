"""车辆: the list, searched by any part of a plate; enrolling, editing, retiring."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from anze.records.duties import actions as duty_actions
from anze.records.fleet import queries as fleet
from anze.records.fleet.actions import InvalidVehicles, NewVehicle, edit_vehicle
from anze.records.fleet.queries import VehicleRow
from anze.records.tenants import queries as tenants
from anze.web.fleet import forms
from anze.web.obligations.filters import page_number
from anze.web.people.acts import posted
from anze.web.people.forms import first_day, units_of
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.form_page import FormPage, form_page, over_version

SERVICE = {"": "在册", "left": "已退出", "all": "全部"}


@of_company("manage_people")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    units = units_of(company, none="全部机构")
    text = request.GET.get("q", "").strip()[:20]
    unit = request.GET.get("unit", "") if request.GET.get("unit") in {key for key, _ in units} else ""
    service = request.GET.get("service", "") if request.GET.get("service") in SERVICE else ""
    page = fleet.vehicles_page(
        company_id=company.id,
        text=text,
        unit_id=int(unit) if unit else None,
        service=service,
        page=page_number(request.GET),
    )
    words = {
        "company": company,
        "page": page,
        "names": {row.id: row.name for row in tenants.units()},
        "text": text,
        "units": units,
        "unit": unit,
        "services": SERVICE,
        "service": service,
        "filtered": bool(text or unit or service),
        "query": request.GET.urlencode(),
        "list_id": "list",
    }
    return render(request, "fleet/index.html", words)


@of_company("manage_people")
def enrol(request: HttpRequest) -> HttpResponseBase:
    company = company_at_hand(request)
    form = forms.EnrolForm(posted(request), company=company, initial={"since": first_day()})

    def act() -> None:
        given = form.cleaned_data
        new = [NewVehicle(plate, given["since"], given["unit"]) for plate in given["plates"]]
        try:
            duty_actions.enrol_vehicles(company_id=company.id, vehicles=new)
        except InvalidVehicles as refusal:
            for line, problem in refusal.errors.items():
                form.add_error("plates", f"第 {line + 1} 辆：{problem}" if len(new) > 1 else problem)

    if form.is_valid() and attempted(form, act) and not form.errors:
        messages.success(request, f"已登记 {len(form.cleaned_data['plates'])} 辆车。")
        return redirect("fleet:index")
    return form_page(request, form, _page("登记车辆", "登记"))


@of_company("manage_people")
def edit(request: HttpRequest, vehicle_id: int) -> HttpResponseBase:
    """When somebody else saved meanwhile, the form keeps what was typed and shows what stands now."""
    company, found = company_at_hand(request), fleet.vehicle(vehicle_id)
    initial = {"plate": found.plate, "unit": found.unit_id, "version": found.version}
    form = forms.EditForm(posted(request), company=company, initial=initial)
    notes: list[str] = []

    def act() -> None:
        given = form.cleaned_data
        edit_vehicle(
            vehicle_id=vehicle_id, version=given["version"], plate=given["plate"], unit_id=given["unit"]
        )

    if form.is_valid():
        if attempted(form, act):
            messages.success(request, "车辆资料已更新。")
            return redirect("fleet:index")
        found = fleet.vehicle(vehicle_id)  # who was faster may have saved while this request waited
        if form.cleaned_data["version"] != found.version:
            over_version(form, found.version)
            notes.append(_stands(found))
    return form_page(request, form, _page(f"修改车辆：{found.plate}", "保存", notes))


@of_company("manage_people")
def retire(request: HttpRequest, vehicle_id: int) -> HttpResponseBase:
    found = fleet.vehicle(vehicle_id)
    form = forms.RetireForm(posted(request), initial={"until": first_day()})

    def act() -> None:
        duty_actions.retire_vehicles(vehicle_ids=[vehicle_id], until=form.cleaned_data["until"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"{found.plate} 已退出。")
        return redirect("fleet:index")
    return form_page(request, form, _page(f"办理退出：{found.plate}", "办理退出"))


def _stands(found: VehicleRow) -> str:
    unit = next((row.name for row in tenants.units() if row.id == found.unit_id), "不属于任何机构")
    return f"现有资料：车牌 {found.plate}，{unit}。"


def _page(title: str, submit: str, notes: list[str] | None = None) -> FormPage:
    back = reverse("fleet:index")
    crumbs = [(reverse("people:index"), "组织人员"), (back, "车辆")]
    return FormPage(title, submit, back, crumbs=crumbs, notes=notes or [])
