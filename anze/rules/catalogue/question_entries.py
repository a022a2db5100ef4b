"""`answers:` the tests on facts that answer a deduction or a veto.

Rule 1: the test says which keys it takes; all others are refused.
Rule 2: a test looks at the assessed period, or `look` so many months back, or `look: ever`.
"""

from __future__ import annotations

from collections.abc import Mapping

from anze.rules.catalogue.duty_entries import proof_of
from anze.rules.catalogue.kind_entries import SUBJECTS
from anze.rules.catalogue.model import Every, LimitUnit, Proof
from anze.rules.catalogue.nodes import Entry, Node, choice_of, count_of, items_of, pairs_of, refusal, word_of
from anze.rules.catalogue.schemes import Probe, Question
from anze.rules.catalogue.shelf import Shelf
from anze.rules.catalogue.term_entries import limit_of

HOLDERS = ("principal", "safety_deputy", "safety_manager", "monitor")  # people by the post they hold
POPULATIONS = (*SUBJECTS, *HOLDERS)
# test -> keys it must have, keys it may have
SHAPES: Mapping[Probe, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Probe.NONE: (("proof",), ("look",)),
    Probe.LACKING: (("proof",), ("look",)),
    Probe.FEWER: (("proof", "times", "every"), ("look",)),
    Probe.UNCOVERED: (("proof", "subject"), ("look",)),
    Probe.EXPIRED: (("proof",), ("subject",)),
    Probe.UNANSWERED: (("proof", "triggers"), ("look",)),
    Probe.FOUND: (("proof",), ("look",)),
    Probe.VACANT: (("subject",), ()),
}


def questions_of(node: Node, shelf: Shelf) -> tuple[Question, ...]:
    questions = tuple(_question(item, shelf) for item in items_of(node))
    if not questions:
        raise refusal(node, "没有写明凭什么判定", "至少写一个 test，或删去 answers")
    return questions


def _question(node: Node, shelf: Shelf) -> Question:
    test = _test_of(node)
    required, optional = SHAPES[test]
    entry = Entry(node, shelf.problems, ("test", *required), optional)
    proofs = tuple(proof_of(item, shelf) for item in entry.items("proof"))
    if "proof" in required and not proofs:
        raise entry.refusal("proof", "没有写明看哪些记录", "至少写一种记录")
    subject = word_of(entry["subject"], POPULATIONS, "对象") if "subject" in entry else None
    events = [key for key, kind in shelf.kinds.items() if kind is None or kind.event]
    ever, look = _look(entry)
    question = Question(
        test=test,
        proofs=proofs,
        subject=subject,
        triggers=entry.words("triggers", events, "触发事件"),
        times=count_of(entry["times"]) if "times" in entry else 1,
        every=choice_of(entry["every"], Every, "周期") if "every" in entry else None,
        look=look,
        ever=ever or test is Probe.EXPIRED,
    )
    _check(entry, question, shelf)
    return question


def _test_of(node: Node) -> Probe:
    for key, value in pairs_of(node):
        if key.value == "test":
            return choice_of(value, Probe, "判定方法")
    raise refusal(node, "缺少键“test”", f"写明判定方法，可用：{'、'.join(test.value for test in Probe)}")


def _look(entry: Entry) -> tuple[bool, int | None]:
    if "look" not in entry:
        return False, None
    if entry.text("look") == "ever":
        return True, None
    limit = limit_of(entry["look"])
    if limit.unit is not LimitUnit.MONTH or not limit.amount:
        raise entry.refusal(
            "look", f"“{entry.text('look')}”不是回看的时间", "写 ever，或写几个月，如 36 months"
        )
    return False, limit.amount


def _check(entry: Entry, question: Question, shelf: Shelf) -> None:
    if question.test is Probe.FEWER and question.ever:
        raise entry.refusal("look", "逐期计数不能没有起点", "look 写几个月，或删去 look")
    if question.test is Probe.UNANSWERED and not question.triggers:
        raise entry.refusal("triggers", "没有写明由什么事件触发", "在 triggers 写明事件类记录")
    for proof in question.proofs:
        _check_proof(entry, question, proof, shelf)


def _check_proof(entry: Entry, question: Question, proof: Proof, shelf: Shelf) -> None:
    kind = shelf.kinds[proof.kind]
    if kind is None:
        return  # its own file is broken, and says so
    if proof.role is not None:
        raise entry.refusal("proof", "考评只看记录本身，不看谁在其中", "删去 role")
    if question.subject in {"vehicle", "department"} and question.subject not in kind.subjects:
        problem = f"记录“{kind.name}”不能列出对象“{question.subject}”"
        raise entry.refusal("subject", problem, "在该类记录的 subjects 中加上它，或换一类记录")
    if question.test is Probe.EXPIRED and kind.expires_field is None:
        raise entry.refusal("proof", f"记录“{kind.name}”没有有效期", "换一类有有效期的记录，或改用 none")
    if question.test is Probe.FOUND and not (proof.where or proof.minima):
        remedy = "在 where 写明哪些选项、在 minima 写明多少算有问题"
        raise entry.refusal("proof", "没有写明记录说了什么才算有问题", remedy)
