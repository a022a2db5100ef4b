"""Enrolling, editing and retiring vehicles."""

from __future__ import annotations

from typing import Any

from django import forms

from anze.records.tenants.queries import CompanyRow
from anze.web.people.forms import CHOSEN, units_of
from anze.web.records.fields import InstantField
from anze.web.ui.dates import FIRST_DAY, LAST_DAY, DayField

PLATED = {"required": "请填写车牌号。", "max_length": "车牌号过长。"}
MOST_PLATES = 200
LONG = {"max_length": "内容过长。"}
# GB/T 697.7 by way of JT/T 808: codes of the colours of plates.
COLOURS = [(2, "黄色"), (1, "蓝色"), (5, "绿色"), (3, "黑色"), (4, "白色"), (9, "其他")]
PROTOCOLS = [("", "不清楚"), (2019, "JT/T 808-2019"), (2013, "JT/T 808-2013"), (2011, "JT/T 808-2011")]


class _WithUnit(forms.Form):
    unit = forms.TypedChoiceField(
        label="所属机构", coerce=int, empty_value=None, required=False, error_messages=CHOSEN
    )

    def __init__(self, *args: Any, company: CompanyRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = units_of(company)


class EnrolForm(_WithUnit):
    """One plate or many, a line each; all or none are enrolled."""

    plates = forms.CharField(
        label="车牌号",
        max_length=4000,
        help_text=f"一行一辆，例如 浙B12345；一次最多 {MOST_PLATES} 辆。",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=PLATED,
    )
    since = DayField(label="入册日期")
    field_order = ("plates", "unit", "since")

    def clean_plates(self) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data["plates"]).splitlines() if line.strip()]
        if len(lines) > MOST_PLATES:
            raise forms.ValidationError(f"一次最多 {MOST_PLATES} 辆，现有 {len(lines)} 辆。")
        return lines


class EditForm(_WithUnit):
    version = forms.IntegerField(widget=forms.HiddenInput)
    plate = forms.CharField(label="车牌号", max_length=20, error_messages=PLATED)
    field_order = ("version", "plate", "unit")


class RetireForm(forms.Form):
    until = DayField(label="退出日期", help_text="这一天起不再属于本企业。")


class TerminalForm(forms.Form):
    """A terminal in a vehicle. Its number is named once; another one is another terminal."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    phone = forms.CharField(
        label="终端手机号",
        max_length=30,
        help_text="终端上报时消息头里的号码，不是司机电话；前面的 0 可以不填。",
        error_messages={"required": "请填写终端手机号。", "max_length": "终端手机号过长。"},
    )
    since = InstantField(label="安装时间", error_messages={"required": "请填写安装时间。"})
    until = InstantField(label="拆除时间", required=False, help_text="还装在车上的不填。")
    plate_colour = forms.TypedChoiceField(
        label="车牌颜色", coerce=int, choices=COLOURS, error_messages=CHOSEN
    )
    maker = forms.CharField(label="制造商编号", required=False, max_length=11, error_messages=LONG)
    model = forms.CharField(label="终端型号", required=False, max_length=30, error_messages=LONG)
    device_id = forms.CharField(
        label="终端编号",
        required=False,
        max_length=30,
        help_text="填写后，同一手机号的另一台设备不能注册。换设备时请改成新编号或清空。",
        error_messages=LONG,
    )
    protocol = forms.TypedChoiceField(
        label="协议版本",
        coerce=int,
        empty_value=None,
        required=False,
        choices=PROTOCOLS,
        help_text="型号、编号和协议版本，终端注册后以它自己报的为准。",
        error_messages=CHOSEN,
    )
    sim = forms.CharField(
        label="SIM 卡号",
        required=False,
        max_length=25,
        help_text="卡面上的 ICCID，19 或 20 位。",
        error_messages=LONG,
    )

    def clean_sim(self) -> str:
        sim = "".join(str(self.cleaned_data["sim"]).split())
        if sim and not (sim.isascii() and sim.isalnum() and len(sim) <= 20):
            raise forms.ValidationError("SIM 卡号是不超过 20 位的数字和字母。")
        return sim

    def clean(self) -> dict[str, Any]:
        """Text goes into a database that knows no such character, and instants into years that exist."""
        given = super().clean() or {}
        for name in ("maker", "model", "device_id"):
            given[name] = str(given.get(name, "")).replace("\0", "")
        for name in ("since", "until"):
            at = given.get(name)
            if at is not None and not FIRST_DAY <= at.date() <= LAST_DAY:
                self.add_error(name, "日期的年份不合理，请检查。")
        return given


class ChangeTerminalForm(TerminalForm):
    """The number stays."""

    phone = None  # type: ignore[assignment]  # how Django takes an inherited field away
