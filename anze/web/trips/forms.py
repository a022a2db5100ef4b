"""The check of a vehicle: a point for each choice of the kind that says normal or defect."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from anze.records.acting.context import current
from anze.records.dossiers.trips import CHECK
from anze.records.evidence.drafts import Draft, PartInput
from anze.rules.catalogue.model import EvidenceKind, FieldSpec
from anze.web.records.forms import UNPRINTABLE

NORMAL, DEFECT = "normal", "defect"
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the checklist with what was answered."""

    spec: FieldSpec
    answer: str
    note: str
    error: str


class CheckForm(forms.Form):
    """`vehicles`: id -> plate. A defect is described; a picture may stand beside it."""

    vehicle = forms.TypedChoiceField(
        label="车辆",
        coerce=int,
        error_messages={"required": "请选择车辆。", "invalid_choice": "请重新选择车辆。"},
    )
    phase = forms.ChoiceField(label="检查时机", error_messages={"required": "请选择是哪一次检查。"})

    def __init__(
        self, kind: EvidenceKind, vehicles: Mapping[int, str], data: Any, initial: dict[str, Any]
    ) -> None:
        super().__init__(data=data, initial=initial, label_suffix="")
        self.points = [spec for spec in kind.fields if spec.choices.keys() == {NORMAL, DEFECT}]
        phases = next(spec for spec in kind.fields if spec.id == "phase")
        self._offer("vehicle", [("", "请选择"), *vehicles.items()])
        self._offer("phase", list(phases.choices.items()))
        self.plates, self.phases = vehicles, phases.choices
        for spec in self.points:
            self.fields[spec.id] = forms.ChoiceField(choices=list(spec.choices.items()), required=False)
            self.fields[f"{spec.id}_note"] = forms.CharField(
                required=False,
                max_length=LONGEST,
                error_messages={"max_length": f"最多 {LONGEST} 字。", **UNPRINTABLE},
            )

    def _offer(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for spec in self.points:
            if not given.get(spec.id):
                self.add_error(spec.id, "请选择正常或异常。")
            elif given[spec.id] == DEFECT and not given.get(f"{spec.id}_note"):
                self.add_error(spec.id, "请写明是什么异常。")
        return given

    def lines(self) -> list[Point]:
        return [
            Point(
                spec,
                str(self[spec.id].value() or ""),
                str(self[f"{spec.id}_note"].value() or ""),
                "".join([*self[spec.id].errors, *self[f"{spec.id}_note"].errors]),
            )
            for spec in self.points
        ]

    def defects(self) -> list[str]:
        """Of a valid form: what is wrong, in words that a mechanic understands without the form."""
        given = self.cleaned_data
        return [f"{s.name}：{given[f'{s.id}_note']}" for s in self.points if given[s.id] == DEFECT]

    def draft(self, person: int, repairer: int | None) -> Draft:
        """Of a valid form. A vehicle with a defect does not go out before it is mended: due today."""
        given, scope = self.cleaned_data, current()
        due = scope.today.isoformat()
        rows = [{"what": what, "who": repairer, "due": due} for what in self.defects()]
        values = {spec.id: given[spec.id] for spec in self.points} | {"phase": given["phase"]}
        return Draft(
            kind=CHECK,
            title=f"{self.plates[given['vehicle']]}{self.phases[given['phase']]}检查",
            happened_at=scope.at,
            values=values | ({"defects": json.dumps(rows)} if rows else {}),
            parts=[PartInput(person, "inspector")],
            subjects=[("vehicle", given["vehicle"])],
        )
