"""The forms about a person. Choices are those of the company at hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from anze.records.acting.context import current
from anze.records.lawbook import lawbook
from anze.records.people import queries as people
from anze.records.people.leaves import LEAVE_KINDS
from anze.records.tenants import queries as tenants
from anze.records.tenants.queries import CompanyRow
from anze.web.ui.dates import DayField

NAMED = {"required": "请填写姓名。", "max_length": "姓名不超过 40 字。"}
CHOSEN = {"required": "请选择。", "invalid_choice": "请从列表中选择。"}
PHONE = {"max_length": "电话号码过长。"}
REASONED = {"required": "请写明事由。", "max_length": "最多 200 字。"}


def units_of(company: CompanyRow, *, none: str = "不属于任何机构") -> list[tuple[str, str]]:
    """Units of today, those below indented."""
    rows = [u for u in tenants.units() if u.company_id == company.id]
    known = {u.id for u in rows}
    found: list[tuple[str, str]] = [("", none)]

    def add(parent: int | None, depth: int) -> None:
        for unit in rows:
            above = unit.parent_id if unit.parent_id in known else None
            if above == parent:
                found.append((str(unit.id), "　" * depth + unit.name))
                add(unit.id, depth + 1)

    add(None, 0)
    return found


def people_of(company: CompanyRow, *, but: Iterable[int] = (), none: str = "请选择") -> list[tuple[str, str]]:
    left_out = set(but)
    rows = people.people(on=current().today, company_id=company.id)
    return [("", none), *((str(p.id), p.name) for p in rows if p.id not in left_out)]


def _number(value: str) -> int | None:
    return int(value) if value else None


DESPITE = "已核对上述情形，仍登记为驾驶员"


class EmployForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40, error_messages=NAMED)
    phone = forms.CharField(label="电话", max_length=30, required=False, error_messages=PHONE)
    unit = forms.TypedChoiceField(
        label="所属机构", coerce=_number, empty_value=None, required=False, error_messages=CHOSEN
    )
    joined_on = DayField(label="入职日期")
    driver = forms.BooleanField(label="是驾驶员", required=False)
    despite = forms.BooleanField(label=DESPITE, required=False)

    def __init__(self, *args: Any, company: CompanyRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "unit", units_of(company))


class EditForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="姓名", max_length=40, error_messages=NAMED)
    phone = forms.CharField(
        label="电话", max_length=30, required=False, help_text="不改请留空。", error_messages=PHONE
    )
    driver = forms.BooleanField(label="是驾驶员", required=False)
    despite = forms.BooleanField(label=DESPITE, required=False)


class MoveForm(forms.Form):
    unit = forms.TypedChoiceField(
        label="调入机构", coerce=_number, empty_value=None, required=False, error_messages=CHOSEN
    )
    since = DayField(label="调动日期")

    def __init__(self, *args: Any, company: CompanyRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "unit", units_of(company))


class AssignForm(forms.Form):
    """`relieve`: the holding in the way, to be ended on the day this one begins."""

    position = forms.ChoiceField(label="岗位", error_messages=CHOSEN)
    since = DayField(label="任职日期")
    until = DayField(label="离任日期", required=False, help_text="没有约定请留空。这一天起不再任职。")
    relieve = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, company: CompanyRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = lawbook().positions_of(company.trade)
        _offer(self, "position", [("", "请选择"), *((p.id, f"{p.number}. {p.name}") for p in known)])


class EndForm(forms.Form):
    until = DayField(label="离任日期", help_text="这一天起不再任职。")


class DeputyForm(forms.Form):
    deputy = forms.TypedChoiceField(label="代理人", coerce=int, error_messages=CHOSEN)
    since = DayField(label="开始日期")
    until = DayField(label="结束日期", required=False, help_text="这一天起不再顶岗；没有约定请留空。")
    reason = forms.CharField(label="原因", max_length=200, error_messages=REASONED)

    def __init__(self, *args: Any, company: CompanyRow, holder: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "deputy", people_of(company, but=[holder]))


class LeaveForm(forms.Form):
    kind = forms.ChoiceField(label="类型", choices=list(LEAVE_KINDS.items()), error_messages=CHOSEN)
    since = DayField(label="开始日期")
    until = DayField(label="返岗日期", required=False, help_text="第一个上班的日子；还不确定请留空。")
    reason = forms.CharField(
        label="事由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}), error_messages=REASONED
    )


class ReturnForm(forms.Form):
    until = DayField(label="返岗日期", help_text="第一个上班的日子。填开始日期表示撤销这次登记。")


class DismissForm(forms.Form):
    left_on = DayField(label="离职日期", help_text="这一天起不再在职。")


class RemitForm(forms.Form):
    unit = forms.TypedChoiceField(label="分管的机构", coerce=int, error_messages=CHOSEN)
    since = DayField(label="开始日期")
    until = DayField(label="结束日期", required=False, help_text="这一天起不再分管；没有约定请留空。")

    def __init__(self, *args: Any, company: CompanyRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "unit", units_of(company, none="请选择"))


class AccountForm(forms.Form):
    username = forms.CharField(
        label="登录名",
        max_length=60,
        help_text="本人登录时填写，例如姓名的拼音。",
        error_messages={"required": "请填写登录名。", "max_length": "登录名不超过 60 字。"},
    )


class UntilForm(forms.Form):
    """The last act of anything that runs over days."""

    until = DayField(label="结束日期", help_text="这一天起不再有效。")


def first_day(day: date | None = None) -> str:
    return (day or current().today).isoformat()


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
