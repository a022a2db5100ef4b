"""What a text finds, as groups of links. Each query shows only what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.demands import queries as demands
from anze.records.evidence import queries as evidence
from anze.records.fleet import queries as fleet
from anze.records.lawbook import lawbook
from anze.records.people import queries as people
from anze.records.tenants import queries as tenants
from anze.records.tenants.pinyin import folded, pinyin_key, spellings
from anze.rules.catalogue.model import Line, Position
from anze.rules.duties.own import own_key
from anze.web.ui.company import company_at_hand, company_url
from anze.web.ui.words import TRADES, day_of, say_day

FEW, MANY = 5, 30  # below the box, and on the page
LISTS = (("duties", "履职清单"), ("responsibilities", "责任清单"), ("records", "履职记录"))


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """`more`: the list that holds all of them, where there is one."""

    name: str
    icon: str
    hits: tuple[Hit, ...]
    more: str = ""


def of_the_company(request: HttpRequest, text: str, most: int) -> list[Group]:
    if not folded(text):
        return []
    groups = (
        Group("人员", "users", tuple(_people(request, text, most))),
        Group("车辆", "car", tuple(_vehicles(request, text, most))),
        Group("岗位", "list-check", tuple(islice(_posts(request, text), most))),
        Group("记录", "files", tuple(_records(text, most)), company_url(request, "record_search", q=text)),
        Group("记录种类", "clipboard-text", tuple(islice(_kinds(request, text), most))),
        Group("清单条目", "book", tuple(islice(_lines(request, text), most))),
    )
    return [group for group in groups if group.hits]


def companies(text: str, most: int) -> list[Group]:
    if not folded(text):
        return []
    wanted = tenants.matching_companies(text)
    rows = [row for row in tenants.companies_in_scope() if row.id in wanted]
    hits = tuple(
        Hit(row.name, f"{TRADES.get(row.trade, row.trade)} · {row.short_name}", _company_page(row.id))
        for row in rows[:most]
    )
    more = f"{reverse('bureau:ranking')}?{urlencode({'q': text})}"
    return [Group("企业", "building", hits, more)] if hits else []


def _company_page(company_id: int) -> str:
    return reverse("bureau:company", args=[company_id])


def _people(request: HttpRequest, text: str, most: int) -> Iterator[Hit]:
    rows = people.found(text, limit=most)
    posts: dict[int, list[str]] = {}
    for holding in people.holdings(on=current().today) if rows else ():
        posts.setdefault(holding.person_id, []).append(holding.position_name)
    for row in rows:
        what = posts.get(row.id, []) + (["驾驶员"] if row.driver else [])
        note = "、".join(what) or "从业人员"
        if row.left_on is not None and row.left_on <= current().today:
            note = f"{say_day(row.left_on)}离职"
        yield Hit(row.name, note, company_url(request, "obligations", person=row.id))


def _vehicles(request: HttpRequest, text: str, most: int) -> Iterator[Hit]:
    for row in fleet.found(text, limit=most):
        note = f"{say_day(row.since)}起在册"
        if row.until is not None and row.until <= current().today:
            note = f"{say_day(row.until)}起退出"
        yield Hit(row.plate, note, company_url(request, "obligations", vehicle=row.id))


def _records(text: str, most: int) -> Iterator[Hit]:
    for row in evidence.found(text, limit=most):
        number = row.number or row.status_label
        note = f"{number} · {row.kind_name} · {say_day(day_of(row.happened_at))}"
        yield Hit(row.title, note, reverse("records:record", args=[row.id]))


def _kinds(request: HttpRequest, text: str) -> Iterator[Hit]:
    wanted = folded(text)
    for kind in lawbook().kinds.values():
        if _named(wanted, kind.name):
            yield Hit(kind.name, "查看这一种类的全部记录", _ledger(request, kind=kind.id))


def _posts(request: HttpRequest, text: str) -> Iterator[Hit]:
    wanted = folded(text)
    for position in _positions(request):
        if _named(wanted, position.name):
            url = company_url(request, "post", position=position.id)
            yield Hit(position.name, position.description, url)


def _lines(request: HttpRequest, text: str) -> Iterator[Hit]:
    wanted = folded(text)
    for position in _positions(request):
        for name, lines in ((label, getattr(position, key)) for key, label in LISTS):
            for line in _matching(lines, wanted):
                place = (
                    f"{name}第{line.number}条" if own_key(line.id) is None else f"企业自定要求 {line.number}"
                )
                note = f"{position.name} · {place}"
                url = company_url(request, "post", position=position.id)
                yield Hit(line.text, note, f"{url}#{line.id}")


def _matching(lines: Iterable[Line], wanted: str) -> Iterator[Line]:
    for line in lines:
        texts = (line.text, *(requirement.text for requirement in line.requirements))
        if any(wanted in folded(each) for each in texts):
            yield line


def _positions(request: HttpRequest) -> Sequence[Position]:
    """Whoever does not see the company finds the lists of their own posts."""
    positions = demands.positions(company_at_hand(request).id)
    if may(current().actor, "see_company"):
        return positions
    own = people.my_positions()
    return [position for position in positions if position.id in own]


def _named(wanted: str, name: str) -> bool:
    return wanted in folded(name) or (wanted.isascii() and wanted in _spelled(name))


@lru_cache(maxsize=1024)
def _spelled(name: str) -> str:
    return spellings(pinyin_key(name))


def _ledger(request: HttpRequest, **query: str) -> str:
    """The ledger, of the company whose pages these are where an officer looks."""
    match = request.resolver_match
    if match is not None and "company_id" in match.kwargs:
        query["company"] = str(match.kwargs["company_id"])
    return f"{reverse('records:ledger')}?{urlencode(query)}"
