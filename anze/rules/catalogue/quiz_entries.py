"""Question banks: topics with the rules they serve and their pass marks, lines of duties, questions.

Rule 1: a bank has the id of its scheme; every rule that a topic serves is asked of a sample of people.
Rule 2: a topic asks at least one question and never lets more be right than it asks.
Rule 3: a question has at least two different options and says which one is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    count_of,
    day_of,
    id_of,
    items_of,
    pairs_of,
    refusal,
    text_of,
    word_of,
    words_of,
)
from anze.rules.catalogue.quiz_model import DRIVER, EVERYBODY, Bank, DutyLine, PassMark, QuizQuestion, Topic
from anze.rules.catalogue.schemes import Scheme
from anze.rules.catalogue.shelf import Shelf, citations

WORDS = ("principal", "safety_deputy", "safety_manager", "monitor", DRIVER, EVERYBODY)
MOST_OPTIONS = 6


def read_bank(node: Node, shelf: Shelf, stem: str, edition: str, schemes: Mapping[str, Scheme]) -> Bank:
    entry = Entry(node, shelf.problems, ("quiz", "name", "topics", "questions"))
    scheme = word_of(entry["quiz"], tuple(schemes), "标准")
    if scheme != stem:
        raise entry.refusal("quiz", f"编号“{scheme}”与文件名不符", f"编号写成“{stem}”，或改文件名")
    known = _sampled(schemes[scheme])
    attempt = shelf.problems.attempt
    topics: dict[str, Topic] = {}
    for key, value in pairs_of(entry["topics"]):
        topic = attempt(partial(_topic, key, value, shelf, scheme, known))
        topics |= {} if topic is None else {topic.id: topic}
    read = [
        attempt(partial(_question, key, value, shelf, tuple(topics)))
        for key, value in pairs_of(entry["questions"])
    ]
    questions = tuple(question for question in read if question is not None)
    return Bank(scheme, entry.text("name"), topics, questions, edition)


def _sampled(scheme: Scheme) -> tuple[str, ...]:
    """Rules that are checked on a sample of people, without the name of the scheme."""
    people = {key for key, sample in scheme.samples.items() if sample.of != "vehicle"}
    return tuple(rule.id.partition(".")[2] for rule in scheme.rules if rule.sample in people)


def _topic(key: Text, node: Node, shelf: Shelf, scheme: str, known: tuple[str, ...]) -> Topic:
    entry = Entry(node, shelf.problems, ("name", "serves", "terms"), ("posts",))
    serves = words_of(entry["serves"], known, "按人员抽样的扣分")
    if not serves:
        raise entry.refusal("serves", "没有写明用于哪些扣分", "至少写一条，如 4.2.c.r1")
    topic = id_of(key)
    return Topic(
        id=topic,
        name=entry.text("name"),
        serves=tuple(f"{scheme}.{rule}" for rule in serves),
        marks=_marks(entry["terms"], shelf),
        duties=_duties(topic, entry["posts"], shelf) if "posts" in entry else {},
    )


def _marks(node: Node, shelf: Shelf) -> tuple[PassMark, ...]:
    marks: list[PassMark] = []
    for key, value in pairs_of(node):
        since = day_of(key)
        if marks and since <= marks[-1].since:
            raise refusal(key, "日期没有从早到晚", "按日期先后排列")
        entry = Entry(value, shelf.problems, ("asks", "passes", "cite", "verified"))
        asks, passes = count_of(entry["asks"]), count_of(entry["passes"])
        if passes > asks:
            raise entry.refusal("passes", f"只问 {asks} 题，答对不了 {passes} 题", "及格数不大于题数")
        marks.append(PassMark(since, asks, passes, citations(entry["cite"], shelf), entry.verified()))
    if not marks:
        raise refusal(node, "没有写明问几题、对几题", "至少写一个日期")
    return tuple(marks)


def _duties(topic: str, node: Node, shelf: Shelf) -> dict[str, tuple[DutyLine, ...]]:
    found: dict[str, tuple[DutyLine, ...]] = {}
    for key, value in pairs_of(node):
        post = word_of(key, WORDS, "岗位")
        lines = enumerate(items_of(value), start=1)
        found[post] = tuple(_line(f"{topic}.{post}.{number}", post, item, shelf) for number, item in lines)
    return found


def _line(key: str, post: str, node: Node, shelf: Shelf) -> DutyLine:
    entry = Entry(node, shelf.problems, ("text", "cite", "verified"))
    return DutyLine(key, post, entry.text("text"), citations(entry["cite"], shelf), entry.verified())


def _question(key: Text, node: Node, shelf: Shelf, topics: tuple[str, ...]) -> QuizQuestion:
    required = ("topic", "since", "text", "options", "right", "cite", "verified")
    entry = Entry(node, shelf.problems, required, ("until", "posts"))
    options = tuple(text_of(item) for item in entry.items("options"))
    if not 2 <= len(set(options)) == len(options) <= MOST_OPTIONS:
        raise entry.refusal("options", "选项太少、太多或重复", f"写 2 到 {MOST_OPTIONS} 个不同的选项")
    right = count_of(entry["right"])
    if right > len(options):
        raise entry.refusal(
            "right", f"只有 {len(options)} 个选项，没有第 {right} 个", "写正确选项的序号，从 1 数起"
        )
    return QuizQuestion(
        id=id_of(key),
        topic=word_of(entry["topic"], topics, "题目类别"),
        text=entry.text("text"),
        options=options,
        right=right - 1,
        since=day_of(entry["since"]),
        until=entry.day_if("until"),
        posts=frozenset(entry.words("posts", WORDS, "岗位")),
        cite=citations(entry["cite"], shelf),
        verified=entry.verified(),
    )
