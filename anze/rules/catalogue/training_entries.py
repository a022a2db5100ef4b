"""`limits/training.yaml`: how much training, and about what, in each period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from anze.rules.catalogue.asking_entries import asked_of, each_of, terms_of
from anze.rules.catalogue.dossier_model import UNITS, HoursRule, HoursTerm, TopicsRule, TopicsTerm
from anze.rules.catalogue.law import Every
from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    choice_of,
    id_of,
    items_of,
    number_of,
    refusal,
    word_of,
    words_of,
)
from anze.rules.catalogue.shelf import Shelf, citations


def read_training(node: Node, shelf: Shelf) -> tuple[dict[str, HoursRule], dict[str, TopicsRule]]:
    entry = Entry(node, shelf.problems, ("id", "name", "hours", "topics"))
    word_of(entry["id"], ("training",), "文件")
    hours = each_of(entry["hours"], shelf, partial(_hours, shelf))
    return hours, each_of(entry["topics"], shelf, partial(_topics, shelf))


def _hours(shelf: Shelf, key: Text, node: Node) -> HoursRule:
    entry = Entry(node, shelf.problems, ("name", "asked", "kinds", "unit", "terms"))
    unit = word_of(entry["unit"], tuple(UNITS), "单位")
    kinds = words_of(entry["kinds"], tuple(shelf.kinds), "记录种类")
    for item, name in zip(items_of(entry["kinds"]), kinds, strict=True):
        kind = shelf.kinds[name]
        if kind is not None and unit not in {spec.id for spec in kind.fields}:
            raise refusal(item, f"“{name}”没有栏目“{unit}”", f"换一种有“{UNITS[unit]}”栏目的记录")

    def term(since: date, found: Entry) -> HoursTerm:
        every = choice_of(found["every"], Every, "周期")
        return HoursTerm(
            since, citations(found["cite"], shelf), found.verified(), every, number_of(found["least"])
        )

    return HoursRule(
        id=id_of(key),
        name=entry.text("name"),
        asked=asked_of(entry["asked"], shelf, ()),
        kinds=kinds,
        unit=unit,
        terms=terms_of(entry["terms"], shelf, ("every", "least"), (), term),
    )


def _topics(shelf: Shelf, key: Text, node: Node) -> TopicsRule:
    """What is asked can be ticked on the form of every kind that counts."""
    entry = Entry(node, shelf.problems, ("name", "asked", "kinds", "field", "terms"))
    name = id_of(entry["field"])
    labels = _offered(entry["kinds"], name, shelf)

    def term(since: date, found: Entry) -> TopicsTerm:
        asks = words_of(found["asks"], tuple(labels), "内容") if labels is not None else ()
        every = choice_of(found["every"], Every, "周期")
        return TopicsTerm(since, citations(found["cite"], shelf), found.verified(), every, asks)

    return TopicsRule(
        id=id_of(key),
        name=entry.text("name"),
        asked=asked_of(entry["asked"], shelf, ()),
        kinds=words_of(entry["kinds"], tuple(shelf.kinds), "记录种类"),
        field=name,
        labels=labels or {},
        terms=terms_of(entry["terms"], shelf, ("every", "asks"), (), term),
    )


def _offered(node: Node, field: str, shelf: Shelf) -> Mapping[str, str] | None:
    """What all these kinds offer in the field. None: the file of one is broken, and says so itself."""
    offered: list[Mapping[str, str]] = []
    for item, name in zip(items_of(node), words_of(node, tuple(shelf.kinds), "记录种类"), strict=True):
        kind = shelf.kinds[name]
        if kind is None:
            return None
        choices = next((s.choices for s in kind.fields if (s.id, s.type) == (field, "choices")), None)
        if choices is None:
            raise refusal(item, f"“{name}”没有多选栏目“{field}”", "换一种有这个栏目的记录")
        offered.append(choices)
    if not offered:
        raise refusal(node, "没有任何记录种类", "至少写一种")
    return {key: label for key, label in offered[0].items() if all(key in more for more in offered)}
