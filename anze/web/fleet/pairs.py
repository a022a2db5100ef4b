"""人车结对: who usually takes which vehicle out, judged today; pairing line by line, and parting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from anze.records.acting.context import current
from anze.records.dossiers.pairs import JudgedPair, judged_pairs
from anze.records.fleet import pairs as fleet_pairs
from anze.records.fleet import queries as fleet
from anze.records.fleet.pairs import InvalidPairs, NewPair
from anze.records.people import queries as people
from anze.rules.dossiers.pairing import Fitness, Objection
from anze.rules.plates import tidy_plate
from anze.web.people.acts import posted
from anze.web.people.forms import first_day
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.dates import DayField
from anze.web.ui.form_page import FormPage, form_page
from anze.web.ui.words import say_day

LOOKS = {
    Fitness.UNFIT: ("missed", "不得出车"),
    Fitness.DOUBTFUL: ("unset", "资料不全"),
    Fitness.FIT: ("met", "可以出车"),
}
WHOSE = {"person": "驾驶员", "vehicle": "车辆"}
ORDER = tuple(LOOKS)


@dataclass(frozen=True, slots=True)
class Line:
    judged: JudgedPair
    look: str
    label: str
    reasons: tuple[tuple[str, int | None], ...]  # sentence, and the record that says so


@of_company("manage_people")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    found = sorted(judged_pairs(company), key=lambda row: ORDER.index(row.fitness))
    counts = [(label, look, sum(row.fitness is f for row in found)) for f, (look, label) in LOOKS.items()]
    words = {"company": company, "lines": [line_of(row) for row in found], "counts": counts}
    return render(request, "fleet/pairs.html", words)


def line_of(row: JudgedPair) -> Line:
    look, label = LOOKS[row.fitness]
    return Line(row, look, label, tuple((reason_of(o), o.fact) for o in row.objections))


def reason_of(found: Objection) -> str:
    """驾驶员从业资格证 2026年11月1日起过期."""
    whose = WHOSE[found.of]
    if found.until is not None:
        return f"{whose}：{found.name}，{say_day(found.until)}起期满"
    if found.fitness is Fitness.DOUBTFUL:
        return f"{whose}：{found.name}没有登记"
    if "：" in found.name:
        return f"{whose}：{found.name}（{say_day(found.since)}）"
    return f"{whose}：{found.name}{say_day(found.since)}起失效"


class PairForm(forms.Form):
    """One pair or many, a line each; all or none."""

    lines = forms.CharField(
        label="车牌和驾驶员",
        max_length=20_000,
        help_text="一行一对，车牌和姓名之间空一格，例如 浙B12345 张三；一辆车有几名驾驶员的，写几行。"
        "重名的在姓名后加手机后四位。",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "请填写车牌和驾驶员。", "max_length": "内容过长，请分几次。"},
    )
    since = DayField(label="结对日期", help_text="这一天起由这名驾驶员驾驶。")

    def clean_lines(self) -> list[tuple[int, int]]:
        """Ids of vehicles and drivers; everything that is wrong is said at once."""
        lines = [line.split() for line in str(self.cleaned_data["lines"]).splitlines() if line.strip()]
        if len(lines) > fleet_pairs.MOST:
            raise forms.ValidationError(f"一次最多 {fleet_pairs.MOST} 对。")
        known = Known.today()
        found, errors = [], []
        for number, words in enumerate(lines, start=1):
            try:
                found.append(known.pair(words))
            except ValueError as problem:
                errors.append(f"第 {number} 行：{problem}")
        if errors:
            raise forms.ValidationError(errors[:10])
        return found


@dataclass(frozen=True, slots=True)
class Known:
    """`drivers`: name -> ids with the last four digits of their phones."""

    vehicles: Mapping[str, int]
    drivers: Mapping[str, Sequence[tuple[int, str]]]

    @classmethod
    def today(cls) -> Known:
        drivers: dict[str, list[tuple[int, str]]] = {}
        for row in people.people(drivers=True, on=current().today):
            drivers.setdefault(row.name, []).append((row.id, row.phone_masked[-4:]))
        return cls({row.plate: row.id for row in fleet.vehicles()}, drivers)

    def pair(self, words: Sequence[str]) -> tuple[int, int]:
        """Raises ValueError with the sentence to show."""
        if len(words) != 2:
            raise ValueError("应是车牌、空格、姓名。")
        plate, name = tidy_plate(words[0]), words[1]
        if plate not in self.vehicles:
            raise ValueError(f"{plate} 不是在册车辆。")
        named = self.drivers.get(name) or [
            (key, tail) for key, tail in self.drivers.get(name[:-4], ()) if tail == name[-4:]
        ]
        if not named:
            raise ValueError(f"没有在职驾驶员“{name}”。")
        if len(named) > 1:
            raise ValueError(f"有 {len(named)} 个“{name}”，请加手机后四位。")
        return self.vehicles[plate], named[0][0]


class PartForm(forms.Form):
    until = DayField(label="解除日期", help_text="这一天起不再由这名驾驶员驾驶。")


@of_company("manage_people")
def new(request: HttpRequest) -> HttpResponseBase:
    company = company_at_hand(request)
    form = PairForm(posted(request), initial={"since": first_day(), **_begun(request)})

    def act() -> None:
        since: date = form.cleaned_data["since"]
        wanted = [NewPair(vehicle, driver, since) for vehicle, driver in form.cleaned_data["lines"]]
        try:
            fleet_pairs.make_pairs(company_id=company.id, pairs=wanted)
        except InvalidPairs as refusal:
            for index, problem in refusal.errors.items():
                form.add_error("lines", f"第 {index + 1} 行：{problem}")

    if form.is_valid() and attempted(form, act) and not form.errors:
        messages.success(request, f"已结对 {len(form.cleaned_data['lines'])} 对。")
        return redirect("fleet:pairs")
    return form_page(request, form, _page("人车结对", "结对"))


def _begun(request: HttpRequest) -> dict[str, Any]:
    """From a vehicle's file, its plate stands there already."""
    text = request.GET.get("vehicle", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return {}
    return {"lines": f"{fleet.vehicle(int(text)).plate} "}


@of_company("manage_people")
def end(request: HttpRequest, pair_id: int) -> HttpResponseBase:
    found = fleet_pairs.pair(pair_id)
    form = PartForm(posted(request), initial={"until": first_day()})

    def act() -> None:
        fleet_pairs.end_pairs(pair_ids=[pair_id], until=form.cleaned_data["until"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"{found.plate} 和 {found.driver_name} 已解除结对。")
        return redirect("fleet:pairs")
    return form_page(request, form, _page(f"解除结对：{found.plate} 和 {found.driver_name}", "解除"))


def _page(title: str, act: str) -> FormPage:
    back = reverse("fleet:pairs")
    crumbs = [(reverse("people:index"), "组织人员"), (back, "人车结对")]
    return FormPage(title, act, back, crumbs=crumbs)
