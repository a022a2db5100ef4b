"""What is named before handing in: traces of how persons judged, and records that hint otherwise."""

from __future__ import annotations

from anze.records.assessments import actions, photos, planning, quizzing
from anze.records.assessments.access import seen
from anze.records.assessments.actions import Given
from anze.records.assessments.checking import CheckRow, check_rows
from anze.records.fleet import actions as fleet
from anze.records.fleet.actions import NewVehicle
from tests.cast import STARTED
from tests.isolation.doors import PNG
from tests.records.assessments.stage import Scene, keep_targets, sealed, started

ON_THE_SPOT = "taxi-2012.6.1.c"
ASKING = "taxi-2012.3.1.b"
PEOPLE = "taxi-2012.4.2.c"


def of(scene: Scene, item: str, assessment: int | None = None) -> set[str]:
    rows: list[CheckRow] = []
    with scene.cast.acts("safety_manager"):
        rows = check_rows(seen(assessment or scene.ready))
    return {row.text for row in rows if row.item == item}


def test_the_spot_wants_a_photo(scene: Scene) -> None:
    assert "现场检查的要点没有照片或附件" in of(scene, ON_THE_SPOT)
    with scene.cast.acts("safety_manager"):
        photos.add_photo(assessment_id=scene.ready, item=ON_THE_SPOT, name="停车场.png", chunks=[PNG])
    assert of(scene, ON_THE_SPOT) == set()


def test_asking_wants_somebody_who_was_asked(scene: Scene) -> None:
    says = "凭询问判定，但没有写明询问了谁"
    assert of(scene, ASKING) == {says}
    with scene.cast.acts("safety_manager"):
        given = [Given(f"{ASKING}.r2", 0, asked="赵甬")]
        actions.answer(assessment_id=scene.ready, item=ASKING, given=given)
    assert of(scene, ASKING) == set()
    assert of(scene, PEOPLE) == {says}
    with scene.cast.acts("safety_manager"):
        for quiz in quizzing.open_quizzes(assessment_id=scene.ready):
            for posed in quizzing.paper_of(quizzing.quiz_seen(quiz)):
                quizzing.answer_quiz(quiz_id=quiz, question=posed.id, option=posed.right)
    assert of(scene, PEOPLE) == set(), "the quiz says who was asked"


def test_a_sample_of_fewer_than_there_are_now(scene: Scene) -> None:
    item = "taxi-2012.6.3.c"
    says = "“车辆”样本少于按现有数量应抽的"
    assert says not in of(scene, item)
    with scene.cast.acts("safety_manager"):
        fleet.enrol_vehicles(company_id=scene.cast.a.id, vehicles=[NewVehicle("浙A20001", STARTED)])
    assert says in of(scene, item)


def test_a_veto_against_the_target_until_it_is_lowered(scene: Scene) -> None:
    """1.2.a binds the second grade."""
    veto, says = "taxi-2012.1.2.a", "否决项不符合，约束目标等级；请整改，或调低目标等级"
    with scene.cast.acts("safety_manager"):
        given = [Given(f"{veto}.v", 1, reason="没有规划"), Given(f"{veto}.r3", 1, reason="没有量化")]
        actions.answer(assessment_id=scene.ready, item=veto, given=given)
    assert says in of(scene, veto)
    with scene.cast.acts("safety_manager"):
        planning.retarget(assessment_id=scene.ready, target="third")
    assert says not in of(scene, veto)


def test_proof_on_record_speaks_against_a_loss_without_a_reason(scene: Scene) -> None:
    """2.1.c.r2: an arrangement is on record; whether it was carried out is for persons to say."""
    item, rule, says = "taxi-2012.2.1.c", "taxi-2012.2.1.c.r2", "判定与记录显示的不一致，请写明原因"
    sealed(scene.cast, "work.arrangement", decision="会议决定", content="各车队检查防滑链")
    keep_targets(scene.cast)
    later = started(scene.cast, title="另一次自评")
    with scene.cast.acts("safety_manager"):
        actions.answer(assessment_id=later, item=item, given=[Given(rule, 1)])
    assert says in of(scene, item, later)
    with scene.cast.acts("safety_manager"):
        actions.answer(assessment_id=later, item=item, given=[Given(rule, 1, reason="没有落实")])
    assert says not in of(scene, item, later)
