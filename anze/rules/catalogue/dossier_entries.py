"""Certificates, vehicle classes, training hours, changes, points and bars: six files under `limits/`.

Rule 1: what it is about follows from the kind of record: one that lists vehicles is about a vehicle.
Rule 2: a class of vehicle is a choice on the form of the driving permit, so the two lists are the same.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from anze.rules.catalogue.asking_entries import (
    CITED,
    asked_of,
    choices_of,
    each_of,
    kind_of,
    posts_of,
    terms_of,
    wanted_of,
)
from anze.rules.catalogue.dossier_model import (
    GROUPS,
    OCCASIONS,
    TRADES,
    AgeCycle,
    Band,
    Bar,
    BarTerm,
    Certificate,
    Change,
    ChangeTerm,
    Paperwork,
    Points,
    Scrapping,
    StatutoryPost,
    Upkeep,
    VehicleClass,
)
from anze.rules.catalogue.law import LimitUnit
from anze.rules.catalogue.model import EvidenceKind
from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    count_of,
    id_of,
    number_of,
    pairs_of,
    refusal,
    word_of,
)
from anze.rules.catalogue.overlay_entries import area_of
from anze.rules.catalogue.shelf import Shelf, citations
from anze.rules.catalogue.term_entries import limit_of


def read_certificates(node: Node, shelf: Shelf, classes: tuple[str, ...]) -> dict[str, Certificate]:
    entry = Entry(node, shelf.problems, ("id", "name", "certificates"))
    word_of(entry["id"], ("certificates",), "文件")
    return each_of(entry["certificates"], shelf, partial(_certificate, shelf, classes))


def _certificate(shelf: Shelf, classes: tuple[str, ...], key: Text, node: Node) -> Certificate:
    entry = Entry(node, shelf.problems, ("name", "group", "kind", "asked", "terms"), ("where",))
    kind = kind_of(entry["kind"], shelf)

    def term(since: date, found: Entry) -> Paperwork:
        lasts = count_of(found["lasts"]) if "lasts" in found else None
        cite, warns = citations(found["cite"], shelf), count_of(found["warns"], 0)
        return Paperwork(since, cite, found.verified(), warns, lasts, found.flag_or("binds", False))

    return Certificate(
        id=id_of(key),
        name=entry.text("name"),
        of="vehicle" if kind is not None and "vehicle" in kind.subjects else "person",
        group=word_of(entry["group"], tuple(GROUPS), "组"),
        wanted=wanted_of(entry, kind),
        asked=asked_of(entry["asked"], shelf, classes),
        terms=terms_of(entry["terms"], shelf, ("warns",), ("lasts", "binds"), term),
    )


def read_classes(node: Node, shelf: Shelf) -> dict[str, VehicleClass]:
    entry = Entry(node, shelf.problems, ("id", "name", "kind", "choice", "classes"))
    word_of(entry["id"], ("vehicles",), "文件")
    kind = kind_of(entry["kind"], shelf)
    found = each_of(entry["classes"], shelf, partial(_class, shelf))
    offered = choices_of(kind, entry["choice"]) if kind is not None else None
    if offered is not None and list(offered) != list(found):
        raise entry.refusal("classes", "车型与记录种类的选项不同", f"逐个写：{'、'.join(offered)}")
    return found


def _class(shelf: Shelf, key: Text, node: Node) -> VehicleClass:
    entry = Entry(node, shelf.problems, ("name", "tests", "upkeep", "scraps"))

    def test(since: date, found: Entry) -> AgeCycle:
        bands = tuple(_bands(found, shelf))
        return AgeCycle(
            since, citations(found["cite"], shelf), found.verified(), count_of(found["warns"]), bands
        )

    def upkeep(since: date, found: Entry) -> Upkeep:
        numbers = (count_of(found[name]) for name in ("warns", "days", "kilometres"))
        return Upkeep(since, citations(found["cite"], shelf), found.verified(), *numbers)

    def scrap(since: date, found: Entry) -> Scrapping:
        years, kilometres = (
            count_of(found[name]) if name in found else None for name in ("years", "kilometres")
        )
        warns = count_of(found["warns"])
        return Scrapping(since, citations(found["cite"], shelf), found.verified(), warns, years, kilometres)

    return VehicleClass(
        id=id_of(key),
        name=entry.text("name"),
        tests=terms_of(entry["tests"], shelf, ("warns", "bands"), (), test),
        upkeep={
            id_of(level): terms_of(terms, shelf, ("warns", "days", "kilometres"), (), upkeep)
            for level, terms in pairs_of(entry["upkeep"])
        },
        scraps=terms_of(entry["scraps"], shelf, ("warns",), ("years", "kilometres"), scrap),
    )


def _bands(entry: Entry, shelf: Shelf) -> list[Band]:
    """Ascending; the last one alone has no end."""
    bands: list[Band] = []
    items = entry.items("bands")
    for item in items:
        found = Entry(item, shelf.problems, ("every",), ("until",))
        until = count_of(found["until"]) if "until" in found else None
        if (until is None) != (item is items[-1]) or (until and bands and until <= (bands[-1].until or 0)):
            raise refusal(item, "年限没有从小到大", "除最后一段外都写 until，单位是月，从小到大")
        bands.append(Band(until, count_of(found["every"])))
    if not bands:
        raise entry.refusal("bands", "没有任何周期", "至少写一段“- {every: 12}”")
    return bands


def read_changes(node: Node, shelf: Shelf) -> tuple[dict[str, Change], tuple[StatutoryPost, ...]]:
    entry = Entry(node, shelf.problems, ("id", "name", "changes", "statutory"))
    word_of(entry["id"], ("changes",), "文件")
    posts = each_of(entry["statutory"], shelf, partial(_statutory, shelf))
    return each_of(entry["changes"], shelf, partial(_change, shelf)), tuple(posts.values())


def _change(shelf: Shelf, key: Text, node: Node) -> Change:
    entry = Entry(node, shelf.problems, ("name", "on", "asked", "kind", "terms"), ("where", "areas"))
    on = word_of(entry["on"], tuple(OCCASIONS), "时机")

    def term(since: date, found: Entry) -> ChangeTerm:
        within = limit_of(found["within"])
        if within.unit not in (LimitUnit.DAY, LimitUnit.MONTH):
            raise found.refusal("within", "期限应按日或月写", "按“0 days、15 days、1 month”的样子填写")
        before_work = found.flag_or("before_work", False)
        if before_work and (within.amount or on != "joined"):
            raise found.refusal("before_work", "上岗前的要求写法不对", "on 写 joined，within 写 0 days")
        return ChangeTerm(
            since=since,
            cite=citations(found["cite"], shelf),
            verified=found.verified(),
            within=within,
            early=count_of(found["early"], 0) if "early" in found else 0,
            least=number_of(found["least"]) if "least" in found else None,
            away=count_of(found["away"]) if "away" in found else 0,
            before_work=before_work,
        )

    return Change(
        id=id_of(key),
        name=entry.text("name"),
        on=on,
        asked=asked_of(entry["asked"], shelf, ()),
        areas=tuple(area_of(item) for item in entry.items("areas")),
        wanted=wanted_of(entry, kind_of(entry["kind"], shelf)),
        terms=terms_of(entry["terms"], shelf, ("within",), ("early", "least", "away", "before_work"), term),
    )


def _statutory(shelf: Shelf, key: Text, node: Node) -> StatutoryPost:
    entry = Entry(node, shelf.problems, CITED, ("trades",))
    post = word_of(key, posts_of(shelf), "岗位")
    trades = entry.words("trades", TRADES, "业态")
    return StatutoryPost(post, trades, citations(entry["cite"], shelf), entry.verified())


def read_points(node: Node, shelf: Shelf) -> tuple[Points, ...]:
    entry = Entry(node, shelf.problems, ("id", "name", "terms"))
    word_of(entry["id"], ("points",), "文件")

    def term(since: date, found: Entry) -> Points:
        numbers = (count_of(found[name]) for name in ("months", "full", "warns"))
        return Points(since, citations(found["cite"], shelf), found.verified(), *numbers)

    return terms_of(entry["terms"], shelf, ("months", "full", "warns"), (), term)


def read_hiring(node: Node, shelf: Shelf) -> dict[str, Bar]:
    entry = Entry(node, shelf.problems, ("id", "name", "kind", "bars"))
    word_of(entry["id"], ("hiring",), "文件")
    return each_of(entry["bars"], shelf, partial(_bar, shelf, kind_of(entry["kind"], shelf)))


def _bar(shelf: Shelf, kind: EvidenceKind | None, key: Text, node: Node) -> Bar:
    """A day speaks by itself; of a number each term says from how many on."""
    entry = Entry(node, shelf.problems, ("name", "asked", "field", "terms"))
    types = {spec.id: spec.type for spec in kind.fields} if kind else {}
    able = [name for name, type_ in types.items() if type_ in ("date", "number")]
    name = word_of(entry["field"], able, "日期或数字栏目") if kind else ""
    needed = ("months", "least") if types.get(name) == "number" else ("months",)

    def term(since: date, found: Entry) -> BarTerm:
        least = count_of(found["least"]) if "least" in found else None
        months = count_of(found["months"])
        return BarTerm(since, citations(found["cite"], shelf), found.verified(), months, least)

    return Bar(
        id=id_of(key),
        name=entry.text("name"),
        asked=asked_of(entry["asked"], shelf, ()),
        kind=kind.id if kind else "",
        field=name,
        terms=terms_of(entry["terms"], shelf, needed, (), term),
    )
