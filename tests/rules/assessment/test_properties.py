"""What holds for every set of answers and facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.assessment import Answer, Books, assess, finding, findings, grades, reached
from anze.rules.assessment.automatic import Finding
from anze.rules.assessment.model import How
from anze.rules.catalogue.model import Role
from anze.rules.catalogue.schemes import Deduct, Grade, Rule, Scheme
from anze.rules.evidence import Part
from tests.rules.assessment.worlds import JUDGE, TODAY, books, fact, invented, regime, taxi

SCHEMES = st.sampled_from([invented(), taxi()])
DAYS = st.dates(date(2023, 1, 1), TODAY)
ORDER = [None, Grade.THIRD, Grade.SECOND, Grade.FIRST]


@st.composite
def _answer(draw, scheme: Scheme) -> Answer:
    one = draw(st.sampled_from([*scheme.rules, *scheme.vetoes]))
    matters: tuple[str, ...] = ()
    count = draw(st.integers(0, 1))
    if isinstance(one, Rule) and one.matters:
        chosen = draw(st.sets(st.sampled_from([matter.id for matter in one.matters])))
        matters = tuple(sorted(chosen))
        count = len(matters)
    elif isinstance(one, Rule) and one.deduct in {Deduct.PER, Deduct.JUDGED}:
        count = draw(st.integers(0, 9))
        count = min(count, one.points) if one.deduct is Deduct.JUDGED else count
    return Answer(one.id, count, How.ASKED, matters=matters, person=JUDGE)


@st.composite
def _answers(draw) -> tuple[Scheme, list[Answer]]:
    scheme = draw(SCHEMES)
    given_ = draw(st.lists(_answer(scheme), max_size=40, unique_by=lambda a: a.condition))
    return scheme, given_


@given(_answers())
def test_points_stay_between_none_and_all(case: tuple[Scheme, list[Answer]]) -> None:
    assessment = assess(case[0], regime(), case[1])
    for item in assessment.items:
        assert 0 <= item.least <= item.score <= item.points
        assert item.lost == sum(line.points for line in item.deductions)
        assert all(0 <= line.points <= line.wanted for line in item.deductions)
    for category in assessment.categories:
        assert 0 <= category.least <= category.score <= category.points
    assert 0 <= assessment.least <= assessment.score <= assessment.best <= case[0].points
    assert assessment.score == sum(category.score for category in assessment.categories)


@given(_answers(), st.randoms(use_true_random=False))
def test_the_order_of_answers_is_irrelevant(case: tuple[Scheme, list[Answer]], shuffle) -> None:
    scheme, answers = case
    mixed = [*answers]
    shuffle.shuffle(mixed)
    one, other = assess(scheme, regime(), answers), assess(scheme, regime(), mixed)
    assert one.items == other.items
    assert grades(one) == grades(other)


@given(_answers(), st.data())
def test_one_more_deduction_never_raises_anything(case: tuple[Scheme, list[Answer]], data) -> None:
    scheme, answers = case
    if not answers:
        return
    place = data.draw(st.integers(0, len(answers) - 1))
    worse = _worse(scheme, answers[place])
    if worse is None:
        return
    before = assess(scheme, regime(), answers)
    after = assess(scheme, regime(), [*answers[:place], worse, *answers[place + 1 :]])
    assert after.score <= before.score
    assert after.least <= before.least
    assert ORDER.index(reached(after)) <= ORDER.index(reached(before))


def _worse(scheme: Scheme, answer: Answer) -> Answer | None:
    """The same answer with one more loss; None where there is no more."""
    rules = {rule.id: rule for rule in scheme.rules}
    rule = rules.get(answer.condition)
    if rule is not None and rule.matters:
        more = [matter.id for matter in rule.matters if matter.id not in answer.matters]
        return replace(answer, count=answer.count + 1, matters=(*answer.matters, more[0])) if more else None
    limit = 1 if rule is None or rule.deduct in {Deduct.ALL, Deduct.FIXED} else 1000
    limit = rule.points if rule is not None and rule.deduct is Deduct.JUDGED else limit
    return replace(answer, count=answer.count + 1) if answer.count < limit else None


@given(_answers())
def test_answering_what_is_open_stays_between_the_bounds(case: tuple[Scheme, list[Answer]]) -> None:
    scheme, answers = case
    before = assess(scheme, regime(), answers)
    kept = [Answer(rule, 0, How.ASKED, person=JUDGE) for rule in before.open]
    after = assess(scheme, regime(), [*answers, *kept])
    assert before.least <= after.score == before.score
    assert after.least == after.score


KINDS = sorted({p.kind for c in (*taxi().rules, *taxi().vetoes) for q in c.questions for p in q.proofs})
CHOICES = {"enough": "short", "scope": "outside", "document": "work_plan", "subject": "all"}


@st.composite
def _books(draw) -> Books:
    facts = []
    for number in range(draw(st.integers(0, 12))):
        kind, day = draw(st.sampled_from(KINDS)), draw(DAYS)
        facts.append(
            fact(
                number,
                kind,
                day,
                subjects=frozenset({("vehicle", draw(st.integers(1, 3))), ("department", 1)}),
                parts=(Part(draw(st.integers(1, 3)), Role.SUBJECT),),
                choices={k: v for k, v in CHOICES.items() if draw(st.booleans())},
                valid_until=draw(st.none() | st.dates(date(2025, 6, 1), date(2028, 1, 1))),
                about=draw(st.none() | st.integers(0, number)),
            )
        )
    kept = draw(st.dictionaries(st.sampled_from(KINDS), st.dates(date(2022, 1, 1), date(2026, 12, 31))))
    names = ("vehicle", "driver", "employee", "department", "principal", "safety_manager", "monitor")
    people = draw(st.dictionaries(st.sampled_from(names), st.frozensets(st.integers(1, 3), max_size=3)))
    since = draw(st.none() | st.dates(date(2024, 1, 1), date(2025, 12, 1)))
    return books(*facts, kept=kept, populations=people, since=since)


@given(_books(), st.sampled_from([c for c in (*taxi().rules, *taxi().vetoes) if c.questions]), st.data())
def test_an_answer_holds_until_it_says_so(held: Books, condition, data) -> None:
    now = finding(condition, held, TODAY)
    assert now.until is None or now.until > TODAY
    longest = 900 if now.until is None else (now.until - TODAY).days - 1
    later = TODAY + timedelta(days=data.draw(st.integers(0, longest)))
    then = finding(condition, held, later)
    assert _said(then) == _said(now), (TODAY, later)


def _said(found: Finding) -> int | None:
    return None if found.answer is None else found.answer.count


@given(_books())
def test_facts_answer_the_same_again(held: Books) -> None:
    again = Books(tuple(reversed(held.facts)), held.kept, held.populations, held.since)
    assert findings(taxi(), held, TODAY) == findings(taxi(), again, TODAY)


@pytest.mark.parametrize("scheme", [invented(), taxi()], ids=lambda s: s.id)
def test_every_finding_can_be_scored(scheme: Scheme) -> None:
    found = findings(scheme, books(kept=dict.fromkeys(KINDS, date(2015, 1, 1))), TODAY)
    given_ = [one.answer for one in found.values() if one.answer is not None]
    assert assess(scheme, regime(), given_).score < scheme.points - scheme.missing
