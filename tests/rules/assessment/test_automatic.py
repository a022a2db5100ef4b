"""What facts say to each test: lost, kept, or asked; with which facts, until when."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from anze.rules.assessment import finding, findings
from anze.rules.assessment.automatic import Finding
from anze.rules.assessment.model import Books
from anze.rules.catalogue.model import Every, Proof, Role
from anze.rules.catalogue.schemes import Deduct, Method, Probe, Question, Rule, Unit
from anze.rules.evidence import Attendance, Part
from tests.rules.assessment.worlds import LONG_AGO, TODAY, books, fact, months_ago, taxi

MEETING = Proof("meeting.safety", None, {}, {"type": frozenset({"regular"})})
PLAN = Proof("expense.plan", None)
PERMIT = Proof("operation.permit", None)
KINDS = (
    "meeting.safety", "expense.plan", "operation.permit", "vehicle.test", "training.staff",
    "certificate.competence", "problem.raised", "problem.solved", "expense.check",
)  # fmt: skip
KEPT = dict.fromkeys(KINDS, LONG_AGO)


def rule(*questions: Question, deduct: Deduct = Deduct.ALL, one_way: bool = False) -> Rule:
    unit = Unit.ITEM if deduct is Deduct.PER else None
    return Rule("x.1.1.a.r1", "x.1.1.a", "扣分", Method.DOCUMENTS, deduct, 5, unit, None, questions, one_way)


def asked(question: Question, held: Books, on: date = TODAY, **more: object) -> Finding:
    return finding(rule(question, **more), held, on)  # type: ignore[arg-type]


def count(found: Finding) -> int | None:
    return None if found.answer is None else found.answer.count


NONE = Question(Probe.NONE, (PLAN, MEETING))


def test_absence_loses_where_every_kind_is_kept_here() -> None:
    found = asked(NONE, books(kept=KEPT))
    assert (count(found), found.until) == (1, None)


def test_absence_says_nothing_where_one_kind_is_not_kept_here() -> None:
    found = asked(NONE, books(kept={"expense.plan": LONG_AGO}))
    assert (found.answer, found.sure, found.lost, found.until) == (None, False, 0, None)


def test_absence_counts_from_the_day_on_which_the_kinds_are_kept_for_the_whole_window() -> None:
    kept = KEPT | {"expense.plan": months_ago(11)}
    found = asked(NONE, books(kept=kept))
    assert found.answer is None
    assert found.until == date(2026, 1, 30), "the last of January has 30 January 2025 behind it"
    assert count(asked(NONE, books(kept=kept), found.until)) == 1
    assert count(asked(NONE, books(kept=kept), found.until - timedelta(days=1))) is None


def test_a_fixed_period_never_becomes_kept() -> None:
    found = asked(NONE, books(kept=KEPT | {"expense.plan": months_ago(3)}, since=months_ago(6)))
    assert (found.answer, found.until) == (None, None)


def test_one_record_keeps_until_it_is_out_of_sight() -> None:
    held = books(fact(4, "expense.plan", months_ago(2)), kept=KEPT)
    found = asked(NONE, held)
    assert (count(found), found.facts) == (0, (4,))
    assert found.until == date(2026, 10, 31)
    assert count(asked(NONE, held, found.until)) == 1
    assert count(asked(NONE, held, found.until - timedelta(days=1))) == 0


def test_a_record_needs_its_choice_and_its_number() -> None:
    special = fact(4, "meeting.safety", TODAY, choices={"type": "special"})
    regular = fact(5, "meeting.safety", TODAY, choices={"type": "regular"})
    assert count(asked(NONE, books(special, kept=KEPT))) == 1
    assert count(asked(NONE, books(special, regular, kept=KEPT))) == 0
    many = Question(Probe.NONE, (Proof("expense.plan", None, {"amount": Fraction(100)}),))
    small = fact(6, "expense.plan", TODAY, numbers={"amount": Fraction(99)})
    assert count(asked(many, books(small, kept=KEPT))) == 1


def test_a_record_of_tomorrow_is_not_there_yet() -> None:
    assert count(asked(NONE, books(fact(4, "expense.plan", TODAY + timedelta(days=1)), kept=KEPT))) == 1


EVER = Question(Probe.NONE, (PLAN,), ever=True)


def test_ever_asks_only_for_a_declaration_that_has_come() -> None:
    assert count(asked(EVER, books(kept={"expense.plan": TODAY}))) == 1
    later = asked(EVER, books(kept={"expense.plan": TODAY + timedelta(days=3)}))
    assert (later.answer, later.until) == (None, TODAY + timedelta(days=3))
    old = books(fact(4, "expense.plan", date(2001, 1, 1)), kept={"expense.plan": TODAY})
    assert (count(asked(EVER, old)), asked(EVER, old).until) == (0, None)


def test_lacking_counts_the_kinds_without_a_record() -> None:
    question = Question(Probe.LACKING, (PLAN, MEETING, PERMIT))
    held = books(fact(4, "expense.plan", TODAY), kept=KEPT)
    assert count(asked(question, held, deduct=Deduct.PER)) == 2
    assert count(asked(question, held, deduct=Deduct.FIXED)) == 1


def test_what_is_counted_needs_a_sure_count_and_what_happens_once_does_not() -> None:
    question = Question(Probe.LACKING, (PLAN, MEETING))
    held = books(kept={"expense.plan": LONG_AGO})
    assert asked(question, held, deduct=Deduct.PER).answer is None
    assert asked(question, held, deduct=Deduct.PER).lost == 1
    assert count(asked(question, held, deduct=Deduct.FIXED)) == 1


MONTHLY = Question(Probe.FEWER, (MEETING,), times=1, every=Every.MONTH)


def meetings(*months: int) -> list:
    days = [date(2025, month, 15) for month in months]
    return [fact(n, "meeting.safety", day, choices={"type": "regular"}) for n, day in enumerate(days)]


def test_fewer_counts_whole_periods_that_fall_short() -> None:
    held = books(*meetings(1, 2, 3, 4, 5, 6, 7, 8, 10, 11), kept=KEPT)
    found = asked(MONTHLY, held, deduct=Deduct.PER)
    assert (count(found), len(found.facts), found.until) == (2, 10, date(2026, 1, 1))
    assert count(asked(MONTHLY, held, date(2025, 12, 30), deduct=Deduct.PER)) == 1, "December is not over"


def test_periods_before_the_kind_was_kept_here_are_doubtful() -> None:
    held = books(*meetings(7, 8, 9, 10, 11), kept={"meeting.safety": date(2025, 6, 1)})
    found = asked(MONTHLY, held, deduct=Deduct.PER)
    assert (found.answer, found.lost) == (None, 2), "June and December"
    assert count(asked(MONTHLY, held)) == 1
    whole = books(*meetings(6, 7, 8, 9, 10, 11, 12), kept={"meeting.safety": date(2025, 6, 1)})
    assert asked(MONTHLY, whole).answer is None
    assert count(asked(MONTHLY, books(*meetings(*range(1, 13))))) == 0, "nothing is missing, kept or not"
    assert asked(MONTHLY, books()).answer is None


def test_a_window_without_a_whole_period_decides_nothing() -> None:
    assert asked(MONTHLY, books(kept=KEPT, since=date(2025, 12, 5))).answer is None


TESTED = Question(Probe.UNCOVERED, (Proof("vehicle.test", None),), subject="vehicle")
FLEET = {"vehicle": frozenset({1, 2, 3})}


def test_uncovered_counts_whom_no_record_covers() -> None:
    one = fact(4, "vehicle.test", months_ago(3), subjects=frozenset({("vehicle", 1), ("vehicle", 9)}))
    two = fact(5, "vehicle.test", months_ago(1), subjects=frozenset({("vehicle", 1)}))
    found = asked(TESTED, books(one, two, kept=KEPT, populations=FLEET), deduct=Deduct.PER)
    assert (count(found), found.subjects, found.facts) == (2, (2, 3), (5,))
    assert found.until == date(2026, 11, 30)


def test_everybody_covered_needs_no_declaration() -> None:
    all_three = fact(4, "vehicle.test", TODAY, subjects=frozenset(("vehicle", n) for n in (1, 2, 3)))
    assert count(asked(TESTED, books(all_three, populations=FLEET), deduct=Deduct.PER)) == 0


def test_uncovered_without_a_declaration_or_a_population_is_asked() -> None:
    undeclared = asked(TESTED, books(populations=FLEET))
    assert (undeclared.answer, undeclared.subjects) == (None, (1, 2, 3)), "shown to whom is asked"
    assert asked(TESTED, books(kept=KEPT)).answer is None
    assert asked(TESTED, books(kept=KEPT, populations={"vehicle": frozenset()})).answer is None


def test_persons_are_covered_by_taking_part_long_enough() -> None:
    long = Proof("training.staff", None, {"hours": Fraction(2)})
    question = Question(Probe.UNCOVERED, (long,), subject="safety_manager")
    parts = (
        Part(1, Role.PARTICIPANT), Part(2, Role.PARTICIPANT, Attendance.ABSENT),
        Part(3, Role.PARTICIPANT, hours=Fraction(1)), Part(4, Role.ORGANISER),
    )  # fmt: skip
    course = fact(7, "training.staff", TODAY, parts=parts, numbers={"hours": Fraction(2)})
    people = {"safety_manager": frozenset({1, 2, 3, 4})}
    found = asked(question, books(course, kept=KEPT, populations=people), deduct=Deduct.PER)
    assert (count(found), found.subjects) == (3, (2, 3, 4))


def permit(number: int, ends: date):
    return fact(number, "operation.permit", months_ago(30), valid_until=ends)


VALID = Question(Probe.EXPIRED, (PERMIT,), ever=True)


def test_the_latest_certificate_decides_until_it_ends() -> None:
    soon, later = TODAY + timedelta(days=9), TODAY + timedelta(days=90)
    held = books(permit(4, soon), permit(5, later), permit(6, soon))
    found = asked(VALID, held)
    assert (count(found), found.facts, found.until) == (0, (5,), later)
    assert count(asked(VALID, held, later)) == 1
    assert asked(VALID, held, later).facts == (5,)


def test_no_certificate_at_all_needs_the_declaration() -> None:
    assert asked(VALID, books()).answer is None
    assert count(asked(VALID, books(kept=KEPT))) == 1


def test_certificates_of_each_holder() -> None:
    question = Question(
        Probe.EXPIRED, (Proof("certificate.competence", None),), subject="principal", ever=True
    )
    people = {"principal": frozenset({1, 2, 3})}
    good = fact(
        4, "certificate.competence", TODAY, parts=(Part(1, Role.SUBJECT),), valid_until=date(2027, 1, 1)
    )
    gone = fact(5, "certificate.competence", TODAY, parts=(Part(2, Role.SUBJECT),), valid_until=TODAY)
    found = asked(question, books(good, gone, kept=KEPT, populations=people), deduct=Deduct.PER)
    assert (count(found), found.subjects, found.until) == (2, (2, 3), date(2027, 1, 1))
    undeclared = asked(question, books(good, gone, populations=people))
    assert (count(undeclared), undeclared.sure) == (1, False)
    assert asked(question, books(good, kept=KEPT)).answer is None


REPLY = Question(Probe.UNANSWERED, (Proof("problem.solved", None),), triggers=("problem.raised",))


def test_unanswered_counts_the_events_without_an_answer() -> None:
    raised = [fact(n, "problem.raised", months_ago(n)) for n in (1, 2, 13)]
    solved = fact(9, "problem.solved", TODAY, about=1)
    found = asked(REPLY, books(*raised, solved, kept=KEPT), deduct=Deduct.PER)
    assert (count(found), found.facts, found.until) == (1, (2,), date(2026, 10, 31))
    assert count(asked(REPLY, books(*raised, solved, kept=KEPT), found.until, deduct=Deduct.PER)) == 0


def test_answered_or_no_events_need_the_declaration_of_events() -> None:
    held = (fact(1, "problem.raised", TODAY), fact(9, "problem.solved", TODAY, about=1))
    assert count(asked(REPLY, books(*held, kept=KEPT))) == 0
    assert count(asked(REPLY, books(kept=KEPT))) == 0
    assert asked(REPLY, books(*held)).answer is None


def test_answers_kept_elsewhere_are_asked_for() -> None:
    held = books(fact(1, "problem.raised", TODAY), kept={"problem.raised": LONG_AGO})
    assert asked(REPLY, held).answer is None


SHORT = Question(Probe.FOUND, (Proof("expense.check", None, {}, {"enough": frozenset({"short"})}),))


def test_found_counts_the_records_that_say_so() -> None:
    bad = fact(4, "expense.check", months_ago(2), choices={"enough": "short"})
    good = fact(5, "expense.check", months_ago(1), choices={"enough": "full"})
    found = asked(SHORT, books(bad, good), deduct=Deduct.PER)
    assert (count(found), found.facts, found.until) == (1, (4,), date(2026, 10, 31))
    kept = asked(SHORT, books(good))
    assert (count(kept), kept.facts, kept.until) == (0, (5,), date(2026, 11, 30))
    assert asked(SHORT, books(kept=KEPT)).answer is None, "nobody has looked"


def test_a_vacant_post() -> None:
    question = Question(Probe.VACANT, subject="monitor")
    assert count(asked(question, books(populations={"monitor": frozenset()}))) == 1
    assert count(asked(question, books(populations={"monitor": frozenset({4})}))) == 0
    assert asked(question, books()).answer is None


def test_where_records_only_show_a_loss_their_presence_is_asked_about() -> None:
    held = books(fact(4, "expense.plan", TODAY), kept=KEPT)
    found = asked(NONE, held, one_way=True)
    assert (found.answer, found.facts, found.sure) == (None, (4,), True)
    assert count(asked(NONE, books(kept=KEPT), one_way=True)) == 1


def test_of_several_questions_any_loss_loses() -> None:
    both = rule(Question(Probe.NONE, (PLAN,)), Question(Probe.VACANT, subject="monitor"))
    posts = {"monitor": frozenset({4})}
    held = books(fact(4, "expense.plan", TODAY), populations=posts)
    assert count(finding(both, held, TODAY)) == 0
    assert count(finding(both, books(kept=KEPT, populations=posts), TODAY)) == 1
    assert finding(both, books(populations=posts), TODAY).answer is None


@pytest.mark.parametrize(
    "condition", [c for c in (*taxi().rules, *taxi().vetoes) if c.questions], ids=lambda c: c.id
)
def test_an_empty_company_that_keeps_everything_here_loses_or_is_asked(condition) -> None:
    held = books(kept=dict.fromkeys(_kinds(), LONG_AGO), populations=_company())
    found = finding(condition, held, TODAY)
    silent = {Probe.FOUND, Probe.UNANSWERED}
    if all(question.test in silent for question in condition.questions):
        assert found.lost == 0
    else:
        assert found.answer is not None
        assert found.answer.count >= 1


@pytest.mark.parametrize(
    "condition", [c for c in (*taxi().rules, *taxi().vetoes) if c.questions], ids=lambda c: c.id
)
def test_a_company_that_declares_nothing_loses_nothing_by_absence(condition) -> None:
    posts = dict.fromkeys(("safety_deputy", "monitor"), frozenset({1}))
    found = finding(condition, books(populations=_company() | posts), TODAY)
    assert found.answer is None or found.answer.count == 0


def _kinds() -> set[str]:
    questions = [q for c in (*taxi().rules, *taxi().vetoes) for q in c.questions]
    return {kind for q in questions for kind in (*(p.kind for p in q.proofs), *q.triggers)}


def _company() -> dict[str, frozenset[int]]:
    named = ("vehicle", "driver", "employee", "department", "principal", "safety_manager")
    return {**dict.fromkeys(named, frozenset({1, 2})), "safety_deputy": frozenset(), "monitor": frozenset()}


def test_findings_are_of_every_condition_with_questions() -> None:
    found = findings(taxi(), books(), TODAY)
    assert list(found) == [c.id for c in (*taxi().rules, *taxi().vetoes) if c.questions]
