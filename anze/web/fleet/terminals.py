"""车载终端: put into a vehicle, described, taken out again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from anze.records.acting.context import current
from anze.records.fleet import queries as fleet
from anze.records.fleet.queries import VehicleRow
from anze.records.fleet.terminals import (
    YELLOW,
    Description,
    Fitted,
    InvalidTerminals,
    NewTerminal,
    change_terminal,
    install_terminals,
    mark,
    terminal,
)
from anze.web.fleet.forms import COLOURS, PROTOCOLS, ChangeTerminalForm, TerminalForm
from anze.web.people.acts import posted
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.form_page import FormPage, form_page, over
from anze.web.ui.words import say_moment


@of_company("manage_people")
def install(request: HttpRequest, vehicle_id: int) -> HttpResponseBase:
    company, vehicle = company_at_hand(request), fleet.vehicle(vehicle_id)
    initial = {"since": current().at, "plate_colour": YELLOW}
    form = TerminalForm(posted(request), initial=initial)

    def act() -> None:
        new = _given(form.cleaned_data, form.cleaned_data["phone"], vehicle_id)
        try:
            install_terminals(company_id=company.id, terminals=[new])
        except InvalidTerminals as refusal:
            form.add_error(None, refusal.errors[0])

    if form.is_valid() and attempted(form, act) and not form.errors:
        messages.success(request, f"{vehicle.plate} 的终端已登记，接入网关后即可上报位置。")
        return _back(vehicle)
    return form_page(request, form, _page(f"登记终端：{vehicle.plate}", "登记", vehicle))


@of_company("manage_people")
def change(request: HttpRequest, vehicle_id: int, installation_id: int) -> HttpResponseBase:
    """When somebody else saved meanwhile, the form keeps what was typed and shows what stands now."""
    company, vehicle = company_at_hand(request), fleet.vehicle(vehicle_id)
    found = terminal(installation_id, vehicle_id=vehicle_id)
    form = ChangeTerminalForm(posted(request), initial={**found._asdict(), "seen": mark(found)})
    notes: list[str] = []

    def act() -> None:
        given = form.cleaned_data
        for name, stands in (("since", found.since), ("until", found.until)):
            given[name] = _to_the_minute(given[name], stands)
        new = _given(given, found.phone, vehicle_id)
        change_terminal(company_id=company.id, installation_id=installation_id, seen=given["seen"], new=new)

    if form.is_valid():
        if attempted(form, act):
            messages.success(request, f"{vehicle.plate} 的终端资料已更新。")
            return _back(vehicle)
        found = terminal(installation_id, vehicle_id=vehicle_id)
        if form.cleaned_data["seen"] != mark(found):
            over(form, "seen", mark(found))
            notes.append(_stands(found))
    return form_page(request, form, _page(f"终端 {found.phone}：{vehicle.plate}", "保存", vehicle, notes))


def _given(given: dict[str, Any], phone: str, vehicle_id: int) -> NewTerminal:
    said = Description(given["device_id"], given["maker"], given["model"], given["protocol"], given["sim"])
    return NewTerminal(phone, vehicle_id, given["since"], given["plate_colour"], given["until"], said)


def _stands(found: Fitted) -> str:
    until = f"{say_moment(found.until)}拆除" if found.until else "还在车上"
    colour = dict(COLOURS).get(found.plate_colour, "其他")
    said = {
        "制造商编号": found.maker,
        "型号": found.model,
        "编号": found.device_id,
        "协议": dict(PROTOCOLS).get(found.protocol or "", ""),
        "SIM 卡": found.sim,
    }
    described = "".join(f"，{name} {value or '未填'}" for name, value in said.items())
    return f"现有资料：{say_moment(found.since)}安装，{until}，{colour}车牌{described}。"


def _to_the_minute(typed: datetime | None, stands: datetime | None) -> datetime | None:
    """The form knows minutes: what was not touched keeps its seconds."""
    same = typed and stands and typed == stands.replace(second=0, microsecond=0)
    return stands if same else typed


def _back(vehicle: VehicleRow) -> HttpResponseBase:
    return redirect("own:vehicle_file", vehicle_id=vehicle.id)


def _page(title: str, submit: str, vehicle: VehicleRow, notes: list[str] | None = None) -> FormPage:
    back = reverse("own:vehicle_file", kwargs={"vehicle_id": vehicle.id})
    crumbs = [(reverse("fleet:index"), "车辆"), (back, vehicle.plate)]
    return FormPage(title, submit, back, crumbs=crumbs, notes=notes or [])
