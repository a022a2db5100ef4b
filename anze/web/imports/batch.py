"""批量登记: many vehicles, people or departments at once, a record of one kind for each.

First whom, and which columns differ; then what is common once, and a table for the rest. Whatever is wrong is
said at its row before anything is recorded; afterwards each row says what was made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from anze.records.acting.context import SHANGHAI, current
from anze.records.imports import batches, queries
from anze.records.imports.subjects import Subject, subjects_of
from anze.records.tenants import queries as tenants
from anze.rules.catalogue.model import EvidenceKind
from anze.rules.importing import batches as rules
from anze.rules.importing.sheets import PARTS, Column, Sheet
from anze.web.imports.forms import field_of
from anze.web.records.fields import DayInput
from anze.web.records.kinds import Group, grouped, kind_or_none
from anze.web.ui.company import of_company

FEW = 3  # errors of one row that are shown


@of_company("seal_record")
def batch(request: HttpRequest) -> HttpResponseBase:
    """Without a kind: choose one."""
    kind = kind_or_none(request.GET.get("kind", ""))
    if kind is None or not rules.batchable(kind):
        return render(request, "imports/batch_kinds.html", {"groups": _groups()})
    page = Batch(request, kind)
    step = request.POST.get("step", "")
    if step in ("make", "good"):
        return page.make(good_alone=step == "good")
    return page.fill() if step == "fill" else page.choose()


def _groups() -> list[Group]:
    found = [Group(g.id, tuple(k for k in g.kinds if rules.batchable(k))) for g in grouped()]
    return [group for group in found if group.kinds]


class CommonForm(forms.Form):
    """What all rows say; nothing is required here, because a row may say it itself."""

    def __init__(self, columns: Sequence[Column], data: Mapping[str, str] | None, **initial: str) -> None:
        super().__init__(data=data, initial=initial, label_suffix="")
        for column in columns:
            known = field_of(column, (data or {}).get(column.id, ""))
            known.label = f"{column.name}（必填）" if column.required else column.name
            if column.type == "day":
                known.widget = DayInput()
            self.fields[column.id] = known


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table. `cells`: name of the input, heading, what was typed, what is wrong."""

    subject: Subject
    cells: list[tuple[str, Column, str, str]]
    errors: list[str]
    wrong: bool


@dataclass
class Batch:
    """One request for a batch of a kind."""

    request: HttpRequest
    kind: EvidenceKind
    wrong: dict[int, Mapping[str, str]] = field(default_factory=dict)  # row, from 1 -> column -> sentence

    @property
    def of(self) -> str:
        offered = rules.many_of(self.kind)
        asked = self.request.GET.get("of", "")
        return asked if asked in offered else offered[0]

    @cached_property
    def sheet(self) -> Sheet:
        return queries.sheet(self.kind.id)

    @property
    def column(self) -> str:
        return rules.subject_column(self.kind, self.of)

    @cached_property
    def chosen(self) -> list[Subject]:
        asked = set(self.request.POST.getlist("who"))
        return [subject for subject in subjects_of(self.of) if str(subject.id) in asked]

    @cached_property
    def differing(self) -> list[Column]:
        asked = set(self.request.POST.getlist("differ"))
        return [column for column in rules.differing(self.sheet, self.column) if column.id in asked]

    def choose(self, problem: str = "") -> HttpResponse:
        units = {unit.id: unit.name for unit in tenants.units()}
        words = {
            "kind": self.kind,
            "of": self.of,
            "many": [(of, rules.MANY[of]) for of in rules.many_of(self.kind)],
            "subjects": subjects_of(self.of),
            "units": units,
            "columns": rules.differing(self.sheet, self.column),
            "who": set(self.request.POST.getlist("who")) | set(self.request.GET.getlist("who")),
            "differ": set(self.request.POST.getlist("differ")),
            "problem": problem,
            "most": batches.MOST,
        }
        return render(self.request, "imports/batch.html", words, status=422 if problem else 200)

    def fill(self, form: CommonForm | None = None, problem: str = "") -> HttpResponse:
        chosen = self.chosen
        if not chosen or len(chosen) > batches.MOST:
            few = f"请至少选择一{rules.MEASURES[self.of]}。"
            return self.choose(few if not chosen else f"一次最多 {batches.MOST} 条，请分几次。")
        form = form or CommonForm(self._common(), None, **self._first())
        words = {
            "kind": self.kind,
            "of": self.of,
            "noun": rules.MANY[self.of],
            "measure": rules.MEASURES[self.of],
            "form": form,
            "columns": self.differing,
            "lines": [self._line(number, subject) for number, subject in enumerate(chosen, start=1)],
            "good": len(chosen) - len(self.wrong),
            "wrong": len(self.wrong),
            "problem": problem,
        }
        return render(self.request, "imports/batch_fill.html", words, status=422 if problem else 200)

    def make(self, *, good_alone: bool) -> HttpResponseBase:
        """`good_alone`: rows that are in order are recorded, the others wait."""
        chosen = self.chosen
        if not chosen or len(chosen) > batches.MOST:
            return self.fill()
        rows = self._rows(chosen)
        self.wrong = batches.faults(of=self.kind.id, rows=rows)
        if self.wrong and not (good_alone and len(self.wrong) < len(rows)):
            return self._refused(rows)
        key = batches.compose(of=self.kind.id, name=f"批量登记：{self.kind.name}", rows=rows)
        done = batches.commit_good(import_id=key)
        messages.success(self.request, f"已登记并封存 {done.committed.made} 条。")
        if done.rest is not None:
            page = reverse("imports:preview", args=[done.rest])
            said = '另有 {} 条有问题，没有登记，<a href="{}">改好后再登记</a>。'
            messages.warning(self.request, format_html(said, len(self.wrong), page))
        return redirect("imports:preview", import_id=key)

    def _refused(self, rows: Sequence[Mapping[str, str]]) -> HttpResponse:
        """What is wrong in every row alike is wrong with what they have in common."""
        form = CommonForm(self._common(), self.request.POST)
        form.is_valid()
        for name in form.fields:
            said = {errors.get(name, "") for errors in self.wrong.values()}
            if len(self.wrong) == len(rows) and len(said) == 1 and (sentence := said.pop()):
                form.add_error(name, sentence)
        alike = set(form.errors)
        left = {n: {c: e for c, e in errors.items() if c not in alike} for n, errors in self.wrong.items()}
        self.wrong = {number: errors for number, errors in left.items() if errors}
        return self.fill(form, f"没有登记：{len(rows)} 条中有 {len(left)} 条有问题。")

    def _rows(self, chosen: Sequence[Subject]) -> list[dict[str, str]]:
        common = {c.id: self.request.POST.get(c.id, "") for c in self._common()}
        differing = self.differing
        own = [
            (s.name, s.said, {c.id: self.request.POST.get(_cell(s, c), "") for c in differing})
            for s in chosen
        ]
        return rules.rows_of(self.column, common, own)

    def _common(self) -> list[Column]:
        own = {column.id for column in self.differing}
        return [column for column in rules.shared(self.sheet, self.column) if column.id not in own]

    def _first(self) -> dict[str, str]:
        """Who writes it has the first part of somebody else."""
        scope = current()
        found = {"title": self.kind.name, "happened_at": f"{scope.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"}
        role = next((f"{PARTS}{r}" for r in self.kind.roles if f"{PARTS}{r}" != self.column), "")
        me = next((s.said for s in subjects_of("person") if s.id == scope.actor.person), "") if role else ""
        return found | ({role: me} if me else {})

    def _line(self, number: int, subject: Subject) -> Line:
        errors = self.wrong.get(number, {})
        cells = [
            (_cell(subject, c), c, self.request.POST.get(_cell(subject, c), ""), errors.get(c.id, ""))
            for c in self.differing
        ]
        shown = {c.id for c in self.differing}
        return Line(subject, cells, [e for c, e in errors.items() if c not in shown][:FEW], bool(errors))


def _cell(subject: Subject, column: Column) -> str:
    return f"own-{subject.id}-{column.id}"
