"""The people of the sample are asked; replies are kept for ever and become a proposal, never an answer."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.assessments import actions, own_questions, quiz_queries, quizzing, sampling
from anze.records.assessments.access import seen
from anze.records.assessments.actions import Given, WrongAnswer
from anze.records.assessments.item_queries import item_page
from anze.records.assessments.models import Quiz, Reply
from anze.records.assessments.own_questions import BadQuestion, NewQuestion
from anze.records.assessments.planning import share_out
from anze.records.assessments.quiz_results import quiz_says
from anze.records.assessments.quizzing import NotAsked
from anze.records.journal.models import Entry
from tests.cast import Cast
from tests.records.assessments.stage import Scene, concluded

LAW, ITEM = "taxi-2012.4.2.c.r1", "taxi-2012.4.2.c"


def drawn(scene: Scene, wanted: int = 6) -> list[int]:
    """Everybody of company A is in the sample."""
    with scene.cast.acts("safety_manager"):
        sampling.draw(assessment_id=scene.running, rule="people", seed="20261120", wanted=wanted)
        return quizzing.open_quizzes(assessment_id=scene.running)


def quiz_of(cast: Cast, person: int) -> int:
    with cast.acts("safety_manager"):
        return Quiz.objects.get(person=person).pk


def reply_all(cast: Cast, quiz_id: int, *, wrong: bool = False, member: str = "safety_manager") -> None:
    with cast.acts(member):
        for posed in quizzing.paper_of(quizzing.quiz_seen(quiz_id)):
            option = (posed.right + wrong) % len(posed.options)
            quizzing.answer_quiz(quiz_id=quiz_id, question=posed.id, option=option)


def all_reply(scene: Scene, *, wrong: tuple[int, ...] = ()) -> None:
    with scene.cast.acts("safety_manager"):
        quizzes = list(Quiz.objects.values_list("pk", "person"))
    for quiz_id, person in quizzes:
        reply_all(scene.cast, quiz_id, wrong=person in wrong)


def test_a_sample_is_asked_and_answers_one_after_another(scene: Scene) -> None:
    cast = scene.cast
    with cast.acts("safety_manager"):
        with pytest.raises(NotAsked, match="还没有抽取"):
            quizzing.open_quizzes(assessment_id=scene.running)
        assert quiz_queries.asking(scene.running).rows == []
    assert len(drawn(scene)) == 6
    with cast.acts("safety_manager"):
        assert quizzing.open_quizzes(assessment_id=scene.running) == [], "nobody is asked twice"
        with pytest.raises(NotFound):
            quizzing.open_quizzes(assessment_id=scene.running, persons=[999_999])
        asking = quiz_queries.asking(scene.running)
        assert (len(asking.rows), asking.unopened, asking.may_ask) == (6, 0, True)
        assert {row.answered for row in asking.rows} == {0}
        assert all(row.says.count is None for row in asking.proposals)
    quiz = quiz_of(cast, cast.a.drivers[0])
    with cast.acts("driver"):
        [mine] = quiz_queries.waiting_for_me()
        page = quiz_queries.quiz_page(mine.quiz_id)
        assert (mine.quiz_id, page.answered, page.team) == (quiz, 0, False)
        assert page.next is not None
        quizzing.answer_quiz(quiz_id=quiz, question=page.next.id, option=0)
        with pytest.raises(NotAsked, match="已经答过"):
            quizzing.answer_quiz(quiz_id=quiz, question=page.next.id, option=1)
        for question, option in ((page.next.id, 9), (page.next.id, -1), ("nothing", 0)):
            with pytest.raises(NotAsked, match="请选择一个答案"):
                quizzing.answer_quiz(quiz_id=quiz, question=question, option=option)
        after = quiz_queries.quiz_page(quiz)
        assert (after.answered, after.lines) == (1, ())
        assert after.next is not None
        assert after.next.id != page.next.id
    with cast.acts("safety_manager"):
        assert Entry.objects.filter(action="assessments.quiz").count() == 1


def test_whoever_has_answered_reads_what_would_have_been_right(scene: Scene) -> None:
    drawn(scene)
    cast, quiz = scene.cast, quiz_of(scene.cast, scene.cast.a.drivers[0])
    reply_all(cast, quiz, wrong=True, member="driver")
    with cast.acts("driver"):
        page = quiz_queries.quiz_page(quiz)
        assert page.next is None
        assert {line.correct for line in page.lines} == {False}
        assert "《中华人民共和国安全生产法》" in "".join(line.cite for line in page.lines)
        assert {topic.clear for topic in page.topics} == {False}
        assert {line.by for line in page.lines} == {""}
        assert quiz_queries.waiting_for_me() == []
    handed = quiz_of(cast, cast.a.clerk)
    reply_all(cast, handed)
    with cast.acts("clerk"):
        assert {line.by for line in quiz_queries.quiz_page(handed).lines} == {"李甬"}


def test_the_proposal_waits_for_everybody_and_is_confirmed_or_overruled(scene: Scene) -> None:
    drawn(scene)
    cast = scene.cast
    all_reply(scene, wrong=(cast.a.clerk, cast.a.drivers[1]))
    with cast.acts("safety_manager"):
        says = quiz_says(seen(scene.running))[LAW]
        assert (says.count, set(says.unclear)) == (2, {"冯甬", "孙甬"})
        with pytest.raises(WrongAnswer, match=r"询问 6 人，2 人不清：.+；判定与询问结果不同的，须写明原因"):
            actions.answer(assessment_id=scene.running, item=ITEM, given=[Given(LAW, 0)])
        actions.answer(assessment_id=scene.running, item=ITEM, given=[Given(LAW, 2)])
        [row] = [row for row in item_page(scene.running, ITEM).rows if row.id == LAW]
        assert row.said is not None
        assert row.said.reason.startswith("询问 6 人，2 人不清")
        assert "钱甬" in row.said.asked
        assert row.proposed == "2人次"
        told = [Given(LAW, 1, reason="孙师傅当面答得出")]
        actions.answer(assessment_id=scene.running, item=ITEM, given=told)
        [proposal] = [one for one in quiz_queries.asking(scene.running).proposals if one.item == ITEM]
        assert (proposal.words, proposal.said) == ("2人次", "1人次")


def test_a_replaced_member_no_longer_counts(scene: Scene) -> None:
    drawn(scene, wanted=2)
    cast = scene.cast
    with cast.acts("safety_manager"):
        row = seen(scene.running)
        first = quizzing.asked_members(row, quizzing.lawbook().banks["taxi-2012"])[0]
    all_reply(scene, wrong=(first,))
    with cast.acts("safety_manager"):
        assert quiz_says(seen(scene.running))[LAW].count == 1
        sampling.substitute(assessment_id=scene.running, rule="people", member=first, reason="病休")
        assert quiz_says(seen(scene.running))[LAW].count is None
        [quiz] = quizzing.open_quizzes(assessment_id=scene.running)
    reply_all(cast, quiz)
    with cast.acts("safety_manager"):
        assert quiz_says(seen(scene.running))[LAW].count == 0


def test_who_may_ask_and_who_may_answer(scene: Scene) -> None:
    drawn(scene)
    cast, quiz = scene.cast, quiz_of(scene.cast, scene.cast.a.drivers[0])
    for member in ("clerk", "other_driver", "officer", "stranger_officer"):
        with cast.acts(member), pytest.raises(NotFound):
            quizzing.quiz_seen(quiz)
    with cast.acts("monitor"):
        with pytest.raises(NotPermitted, match="没有分给您"):
            quizzing.open_quizzes(assessment_id=scene.running)
        page = quiz_queries.quiz_page(quiz)
        assert (page.next, page.team) == (None, True), "a member reads it; the items are not theirs"
    with cast.acts("monitor"), pytest.raises(NotPermitted, match="本人"):
        quizzing.answer_quiz(quiz_id=quiz, question="law1", option=0)
    with cast.acts("safety_manager"):
        share_out(assessment_id=scene.running, shares={ITEM: cast.a.monitor})
    with cast.acts("monitor"):
        assert quiz_queries.quiz_page(quiz).next is not None


def test_nothing_is_answered_after_handing_in_and_nothing_ever_changes(scene: Scene) -> None:
    cast = scene.cast
    with cast.acts("safety_manager"):
        [quiz, *_] = quizzing.open_quizzes(assessment_id=scene.ready)
        posed = quizzing.paper_of(quizzing.quiz_seen(quiz))
        quizzing.answer_quiz(quiz_id=quiz, question=posed[0].id, option=0)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Reply.objects.filter(quiz=quiz).update(option=1)
    concluded(scene)
    with cast.acts("safety_manager"):
        with pytest.raises(NotAsked, match="已提交"):
            quizzing.answer_quiz(quiz_id=quiz, question=posed[1].id, option=0)
        assert quiz_queries.quiz_page(quiz).next is None
        again = Reply(
            company_id=cast.a.id, assessment_id=scene.ready, quiz_id=quiz, question="x", option=0,
            person_id=cast.a.clerk, at=seen(scene.ready).planned_at,
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            again.save()


NEW = NewQuestion("taxi-2012", "policy", "今年的安全目标是什么？", ("死亡事故为零", "营收增长一成", ""))


def test_the_company_asks_its_own_questions(scene: Scene) -> None:
    cast = scene.cast
    with cast.acts("safety_manager"):
        question = own_questions.add_question(company_id=cast.a.id, new=NEW)
        [row] = quiz_queries.own(cast.a.id, "taxi-2012")
        assert (row.topic, row.options) == ("安全生产方针和目标", ["死亡事故为零", "营收增长一成"])
    drawn(scene)
    quiz = quiz_of(cast, cast.a.clerk)
    with cast.acts("safety_manager"):
        own_questions.end_question(question_id=question)
        assert quiz_queries.own(cast.a.id, "taxi-2012") == []
        with pytest.raises(NotFound):
            own_questions.end_question(question_id=question)
        posed = {one.id: one for one in quizzing.paper_of(quizzing.quiz_seen(quiz))}
        mine = posed[f"own.{question}"]
        assert mine.options[mine.right] == "死亡事故为零", "a paper keeps what it was opened with"
    all_reply(scene)
    with cast.acts("safety_manager"):
        assert quiz_says(seen(scene.running))["taxi-2012.1.1.a.r3"].count == 0


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (NewQuestion("taxi-2012", "policy", " ", ("甲", "乙")), "请填写题目"),
        (NewQuestion("taxi-2012", "policy", "问", ("甲", " ")), "2 到 6 个不同的选项"),
        (NewQuestion("taxi-2012", "policy", "问", ("甲", "甲")), "2 到 6 个不同的选项"),
        (NewQuestion("taxi-2012", "policy", "问", ("甲", "乙" * 101)), "选项最多 100 字"),
        (NewQuestion("taxi-2012", "nothing", "问", ("甲", "乙")), "没有这一类题目"),
        (NewQuestion("construction-2012", "policy", "问", ("甲", "乙")), "没有这一类题目"),
    ],
)
def test_questions_that_cannot_be_asked(scene: Scene, new: NewQuestion, says: str) -> None:
    with scene.cast.acts("safety_manager"), pytest.raises(Refused, match=says):
        own_questions.add_question(company_id=scene.cast.a.id, new=new)


def test_only_whoever_conducts_assessments_writes_questions(scene: Scene) -> None:
    with scene.cast.acts("monitor"), pytest.raises(NotPermitted):
        own_questions.add_question(company_id=scene.cast.a.id, new=NEW)
    with scene.cast.acts("safety_manager"):
        question = own_questions.add_question(company_id=scene.cast.a.id, new=NEW)
    with scene.cast.acts("other_safety_manager"), pytest.raises(NotFound):
        own_questions.end_question(question_id=question)


def test_a_company_asks_at_most_so_many(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_questions, "MOST", 1)
    with scene.cast.acts("safety_manager"):
        own_questions.add_question(company_id=scene.cast.a.id, new=NEW)
        with pytest.raises(BadQuestion, match="最多 1 道"):
            own_questions.add_question(company_id=scene.cast.a.id, new=NEW)
