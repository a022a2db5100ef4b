"""Answers from facts: which deductions and vetoes the company's own records decide, and with which.

Rule 1: no record is not "not done": absence counts only for kinds that the company keeps here since before
the days looked at. Of several kinds that would do, all must be kept.
Rule 2: a finding says how many are lost and whether it is sure. What happens once is lost when one is;
what is counted needs a sure count; nothing is kept on a doubt. The rest is asked, with the proof found.
Rule 3: where records can only show a loss (`one_way`), their presence is shown to the person who is asked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from anze.rules.assessment.model import Answer, Books, Entry, How
from anze.rules.assessment.windows import (
    Window,
    earliest,
    moved_past,
    next_turn,
    whole_periods,
    window_of,
)
from anze.rules.catalogue.model import Proof
from anze.rules.catalogue.schemes import Deduct, Probe, Question, Rule, Scheme, Veto
from anze.rules.evidence import Fact, covered_subjects
from anze.rules.periods import ONE_DAY, period_of

Seen = Fact | Entry
_UNITS = ("vehicle", "department")  # listed on a record; everybody else has a part in it


@dataclass(frozen=True, slots=True)
class Finding:
    """What facts say to one condition. `answer` None: a person is asked."""

    condition: str
    answer: Answer | None
    lost: int  # that facts show
    sure: bool  # it is exactly so many
    facts: tuple[int, ...]  # the proof found, or the records that show the loss
    subjects: tuple[int, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class _Result:
    """Of one question."""

    lost: int
    sure: bool
    facts: tuple[int, ...] = ()
    subjects: tuple[int, ...] = ()
    until: date | None = None


def findings(scheme: Scheme, books: Books, on: date) -> dict[str, Finding]:
    """Of every deduction and veto that has questions, at the end of this day."""
    conditions: list[Rule | Veto] = [*scheme.rules, *scheme.vetoes]
    return {one.id: finding(one, books, on) for one in conditions if one.questions}


def finding(condition: Rule | Veto, books: Books, on: date) -> Finding:
    results = [_TESTS[question.test](question, books, on) for question in condition.questions]
    lost = sum(result.lost for result in results)
    sure = all(result.sure for result in results)
    facts = tuple(dict.fromkeys(fact for result in results for fact in result.facts))
    subjects = tuple(dict.fromkeys(one for result in results for one in result.subjects))
    until = earliest(result.until for result in results)
    count = _count(condition, lost, sure)
    answer = None
    if count is not None:
        answer = Answer(condition.id, count, How.AUTOMATIC, facts, subjects, until=until)
    return Finding(condition.id, answer, lost, sure, facts, subjects, until)


def _count(condition: Rule | Veto, lost: int, sure: bool) -> int | None:
    """How often the condition applies; None: a person is asked."""
    if not lost:
        return 0 if sure and not condition.one_way else None
    if isinstance(condition, Rule) and condition.deduct is Deduct.PER:
        return lost if sure else None
    return 1


def _none(question: Question, books: Books, on: date) -> _Result:
    window = window_of(question, on, books.since)
    return _any_record(question.proofs, books, window)


def _lacking(question: Question, books: Books, on: date) -> _Result:
    window = window_of(question, on, books.since)
    return _together([_any_record((proof,), books, window) for proof in question.proofs])


def _any_record(proofs: tuple[Proof, ...], books: Books, window: Window) -> _Result:
    found = _matching(proofs, books, window)
    if found:
        return _Result(0, True, _ids(found), until=window.leaves(found[-1].day))
    kept, turns = _kept(_kinds(proofs), books, window)
    return _Result(int(kept), kept, until=turns)


def _fewer(question: Question, books: Books, on: date) -> _Result:
    assert question.every is not None, "the loader asks for it"
    window = window_of(question, on, books.since)
    found = _matching(question.proofs, books, window)
    kept = _kept_since(_kinds(question.proofs), books)
    held = Counter(period_of(question.every, fact.day) for fact in found)
    periods = whole_periods(question.every, window)
    short = [period for period in periods if held[period] < question.times]
    lost = sum(kept is not None and kept <= period.since for period in short)
    sure = bool(periods) and lost == len(short)
    return _Result(lost, sure, _ids(found), until=next_turn(question.every, on))


def _uncovered(question: Question, books: Books, on: date) -> _Result:
    window = window_of(question, on, books.since)
    asked = _population(question, books)
    if asked is None:
        return _Result(0, False)
    newest: dict[int, Seen] = {}
    for fact, subject in _covering(question, books, window):
        if subject in asked:
            newest[subject] = fact
    without = tuple(sorted(asked - newest.keys()))
    leaving = [window.leaves(fact.day) for fact in newest.values()]
    facts = _distinct(newest.values())
    if not without:
        return _Result(0, True, facts, until=earliest(leaving))
    kept, turns = _kept(_kinds(question.proofs), books, window)
    return _Result(len(without) if kept else 0, kept, facts, without, earliest([*leaving, turns]))


def _expired(question: Question, books: Books, on: date) -> _Result:
    window = window_of(question, on, books.since)
    asked = frozenset({0}) if question.subject is None else _population(question, books)
    if asked is None:
        return _Result(0, False)
    best: dict[int, Seen] = {}
    for fact, subject in _certified(question, books, window):
        if subject in asked and (subject not in best or _end(fact) > _end(best[subject])):
            best[subject] = fact
    valid = [fact for fact in best.values() if _end(fact) > on]
    over = [subject for subject, fact in best.items() if _end(fact) <= on]
    without = asked - best.keys()
    kept, turns = _kept(_kinds(question.proofs), books, window)
    facts = _distinct(best.values())
    subjects = () if question.subject is None else tuple(sorted({*over, *without}))
    lost = len(over) + (len(without) if kept else 0)
    ends = [_end(fact) for fact in valid]
    until = earliest([*ends, turns if without else None])
    return _Result(lost, kept or not without, facts, subjects, until)


def _unanswered(question: Question, books: Books, on: date) -> _Result:
    window = window_of(question, on, books.since)
    events = [f for kind in question.triggers for f in books.by_kind.get(kind, ()) if window.holds(f.day)]
    replies = {f.about: f for f in _matching(question.proofs, books, Window(date.min, on, None))}
    silent = [event for event in events if event.id not in replies]
    kept, turns = _kept(frozenset(question.triggers), books, window)
    answers_kept, later = _kept(_kinds(question.proofs), books, window)
    leaving = [window.leaves(event.day) for event in silent]
    if silent:
        lost = len(silent) if answers_kept else 0
        return _Result(lost, kept and answers_kept, _ids(silent), until=earliest([*leaving, turns, later]))
    return _Result(0, kept, _ids(events), until=turns)


def _found(question: Question, books: Books, on: date) -> _Result:
    window = window_of(question, on, books.since)
    bad = _matching(question.proofs, books, window)
    if bad:
        return _Result(len(bad), True, _ids(bad), until=earliest(window.leaves(fact.day) for fact in bad))
    any_kind = tuple(Proof(proof.kind, None) for proof in question.proofs)
    seen = _matching(any_kind, books, window)
    return _Result(0, bool(seen), _ids(seen), until=window.leaves(seen[-1].day) if seen else None)


def _vacant(question: Question, books: Books, on: date) -> _Result:
    assert question.subject is not None, "the loader asks for it"
    holders = books.populations.get(question.subject)
    if holders is None:
        return _Result(0, False)
    return _Result(int(not holders), True, subjects=tuple(sorted(holders)))


_TESTS: Mapping[Probe, Callable[[Question, Books, date], _Result]] = {
    Probe.NONE: _none,
    Probe.LACKING: _lacking,
    Probe.FEWER: _fewer,
    Probe.UNCOVERED: _uncovered,
    Probe.EXPIRED: _expired,
    Probe.UNANSWERED: _unanswered,
    Probe.FOUND: _found,
    Probe.VACANT: _vacant,
}


def _together(results: list[_Result]) -> _Result:
    """Several questions as one."""
    return _Result(
        lost=sum(result.lost for result in results),
        sure=all(result.sure for result in results),
        facts=tuple(dict.fromkeys(fact for result in results for fact in result.facts)),
        until=earliest(result.until for result in results),
    )


def _population(question: Question, books: Books) -> frozenset[int] | None:
    """Who is asked about; None: nobody is known, so that nobody's lack or proof means anything."""
    assert question.subject is not None, "the loader asks for it"
    return books.populations.get(question.subject) or None


def _matching(proofs: Iterable[Proof], books: Books, window: Window) -> list[Seen]:
    """Records in sight that one of these proofs takes, by day."""
    chosen = [_of_proof(proof, books, window) for proof in proofs]
    if len(chosen) == 1:
        return chosen[0]
    found = {fact.id: fact for facts in chosen for fact in facts}
    return sorted(found.values(), key=_by_day)


def _of_proof(proof: Proof, books: Books, window: Window) -> list[Seen]:
    facts = books.by_kind.get(proof.kind, ())
    first, last = bisect_left(facts, window.since, key=_day), bisect_right(facts, window.on, key=_day)
    seen = facts[first:last]
    if not proof.where and not proof.minima:
        return list(seen)
    return [fact for fact in seen if _takes(proof, fact)]


def _takes(proof: Proof, fact: Seen) -> bool:
    if any(fact.choices.get(name) not in accepted for name, accepted in proof.where.items()):
        return False
    return all(fact.numbers.get(name, 0) >= least for name, least in proof.minima.items() if name != "hours")


def _covering(question: Question, books: Books, window: Window) -> Iterator[tuple[Seen, int]]:
    """Records with whom they cover, by day."""
    kind = question.subject if question.subject in _UNITS else "employee"
    proofs = {proof.kind: proof for proof in question.proofs}
    for fact in _matching(question.proofs, books, window):
        for subject in covered_subjects(kind, proofs[fact.kind], fact):
            yield fact, subject


def _certified(question: Question, books: Books, window: Window) -> Iterator[tuple[Seen, int]]:
    if question.subject is not None:
        yield from _covering(question, books, window)
        return
    for fact in _matching(question.proofs, books, window):
        yield fact, 0


def _end(fact: Seen) -> date:
    return fact.valid_until or date.max


def _kinds(proofs: Iterable[Proof]) -> frozenset[str]:
    return frozenset(proof.kind for proof in proofs)


def _kept_since(kinds: frozenset[str], books: Books) -> date | None:
    """Since when all of these kinds are kept here; None: some is not."""
    if not kinds <= books.kept.keys():
        return None
    return max(books.kept[kind] for kind in kinds)


def _kept(kinds: frozenset[str], books: Books, window: Window) -> tuple[bool, date | None]:
    """Whether absence counts over the window, and the day on which that turns."""
    since = _kept_since(kinds, books)
    if since is None:
        return False, None
    if window.since == date.min:  # the declaration says that the papers in force are here
        return since <= window.on, since if since > window.on else None
    if since <= window.since:
        return True, None
    return False, None if window.months is None else moved_past(since - ONE_DAY, window.months)


def _day(fact: Seen) -> date:
    return fact.day


def _by_day(fact: Seen) -> tuple[date, int]:
    return fact.day, fact.id


def _ids(facts: Iterable[Seen]) -> tuple[int, ...]:
    return tuple(fact.id for fact in facts)


def _distinct(facts: Iterable[Seen]) -> tuple[int, ...]:
    """Ids of records that may cover several, by day."""
    return _ids(sorted({fact.id: fact for fact in facts}.values(), key=_by_day))
