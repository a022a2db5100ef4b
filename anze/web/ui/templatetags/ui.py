"""Tags of every page: icons, states, layers, days, links inside the company at hand, pages of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import template
from django.forms import BoundField, CheckboxSelectMultiple
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from anze.records.acting.context import SHANGHAI, current
from anze.records.acting.paging import Page
from anze.records.duties.overview import Cell
from anze.records.duties.words import SUBJECT_LABELS
from anze.records.lawbook import lawbook
from anze.web.ui import words
from anze.web.ui.company import company_url
from anze.web.ui.once import FIELD

register = template.Library()
SPRITE = "vendor/tabler-icons-3.51.0/sprite.svg"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decoration: hidden from screen readers, so words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static(SPRITE), name
    )


@register.simple_tag
def once() -> SafeString:
    """The mark of a form that acts once, however often it arrives."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4().hex)


@register.simple_tag
def state_badge(state: str | None, label: str = "") -> SafeString:
    """Icon, word and colour of a state; None: no obligation has come into being."""
    key = state or "none"
    text = label or words.STATES.get(key, words.UNTRIGGERED)
    return format_html('<span class="st st-{}">{}{}</span>', key, icon(words.STATE_ICONS[key]), text)


@register.simple_tag
def state_icon(state: str | None) -> SafeString:
    return icon(words.STATE_ICONS[state or "none"])


@register.filter
def state_word(state: str | None) -> str:
    return words.STATES.get(state or "", words.UNTRIGGERED)


@register.simple_tag
def layer_chip(layer: str, name: str = "") -> SafeString:
    """Which layer of the law spoke: 国家, 地方 or 企业; `name` says which source of that layer."""
    text = name or words.LAYERS.get(layer, layer)
    return format_html('<span class="chip chip-{}" title="依据层级">{}</span>', layer, text)


@register.filter
def day(value: date | datetime | None) -> str:
    return words.say_day(None if value is None else words.day_of(value))


@register.filter
def short_day(value: date | datetime | None) -> str:
    return words.say_day(None if value is None else words.day_of(value), today=current().today)


@register.filter
def weekday(value: date) -> str:
    return "周" + words.WEEKDAYS[value.weekday()]


@register.filter
def month(value: date | None) -> str:
    return "常态" if value is None else f"{value.year}年{value.month}月"


@register.filter
def moment(value: datetime | None) -> str:
    return words.say_moment(value)


@register.filter
def clock(value: datetime) -> str:
    """09:05."""
    return f"{value.astimezone(SHANGHAI):%H:%M}"


@register.filter
def second(value: datetime | None) -> str:
    return words.say_second(value)


@register.filter
def clock_second(value: datetime) -> str:
    """14:05:09."""
    return f"{value.astimezone(SHANGHAI):%H:%M:%S}"


@register.filter
def deadline(due: datetime | None) -> str:
    """The last day on which it can still be done; with the hour where the limit is one of hours."""
    if due is None:
        return ""
    day_said = words.say_day(words.last_day(due), today=current().today)
    local = due.astimezone(SHANGHAI)
    return day_said if (local.hour, local.minute) == (0, 0) else f"{day_said} {local:%H:%M}"


@register.simple_tag
def left(due: datetime | None) -> SafeString | str:
    """还有 5 天, coloured when near or over."""
    if due is None:
        return ""
    at = current().at
    near = (words.last_day(due) - words.day_of(at)).days <= 7
    look = "due-over" if due <= at else "due-soon" if near else ""
    return format_html('<span class="{}">{}</span>', look, words.say_left(due, at))


@register.filter
def trade(value: str) -> str:
    return words.TRADES.get(value, value)


@register.simple_tag
def listed_trades() -> str:
    """The trades whose responsibility lists are encoded."""
    known = {position.trade for position in lawbook().positions.values()}
    return "、".join(label for key, label in words.TRADES.items() if key in known)


@register.filter
def measure(subject_type: str | None) -> str:
    """名驾驶员, 辆车: what stands behind 12/30."""
    return SUBJECT_LABELS.get(subject_type or "", "")


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    return mapping.get(key)


@register.filter
def mostly_missed(cell: Cell) -> bool:
    """Half or more of what was due is missed: such a cell stands out among the merely blemished."""
    return cell.missed * 2 >= cell.total > 0


@register.simple_tag
def bar(done: int, total: int) -> SafeString:
    width = 0 if not total else min(100, round(100 * done / total))
    return format_html('<span class="bar" aria-hidden="true"><i style="width:{}%"></i></span>', width)


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, /, **values: Any) -> str:
    """The page `name` of the company at hand: one's own, or the one that an officer is looking at.

    Arguments that the page's path does not take become its query; empty ones are left out.
    """
    request: HttpRequest = context["request"]
    return company_url(request, name, **values)


@register.simple_tag
def record_url(kinds: Sequence[str], obligation_id: int, *, everybody: bool = False) -> str:
    """Where a duty is recorded; with several kinds of proof, the page there lets one choose.

    `everybody`: for all subjects of the period that are still open, not for one.
    """
    query = {"kind": kinds[0]} if len(kinds) == 1 else {}
    query |= {"obligation": str(obligation_id)} | ({"all": "1"} if everybody else {})
    return f"{reverse('records:new')}?{urlencode(query)}"


@register.simple_tag(takes_context=True)
def search_url(context: Context) -> str:
    """Where the frame's box searches: the company at hand, or the officer's companies; empty: nowhere."""
    request: HttpRequest | None = context.get("request")  # the page of a failure has none
    if request is None:
        return ""
    match, scope = getattr(request, "resolver_match", None), getattr(request, "shell", None)
    if scope is None or scope.searches is None:
        return ""
    if scope.searches == "company" or (match is not None and "company_id" in match.kwargs):
        return company_url(request, "search")
    return reverse("bureau:find")


@register.simple_tag(takes_context=True)
def ledger_url(context: Context, kind: str = "") -> str:
    """Records of the company at hand, of one kind or of all."""
    match = context["request"].resolver_match
    query = {"kind": kind, "company": str(match.kwargs.get("company_id", "")) if match else ""}
    asked = urlencode({name: value for name, value in query.items() if value})
    return reverse("records:ledger") + (f"?{asked}" if asked else "")


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the pages around this one; the filters stay."""
    near = range(max(1, page.page - 2), min(page.pages, page.page + 2) + 1)
    return {"request": context["request"], "page": page, "near": near, "target": context.get("list_id", "")}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """Label, control, hint and error of one form field, tied together for screen readers."""
    notes = (
        f"{bound.auto_id}_hint" if bound.help_text or hint else "",
        f"{bound.auto_id}_error" if bound.errors else "",
    )
    described = " ".join(note for note in notes if note)
    attrs: dict[str, str] = {"aria-describedby": described} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    boxes = isinstance(bound.field.widget, CheckboxSelectMultiple)
    look = "form-select" if "Select" in type(bound.field.widget).__name__ else "form-control"
    control = bound.as_widget(attrs={**attrs, "class": look + (" is-invalid" if bound.errors else "")})
    return {"bound": bound, "control": control, "boxes": boxes, "hint": bound.help_text or hint}


@register.inclusion_tag("ui/empty.html")
def empty(icon_name: str, title: str, text: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """What to do next where there is nothing to show."""
    return {"icon_name": icon_name, "title": title, "text": text, "url": url, "label": label}
