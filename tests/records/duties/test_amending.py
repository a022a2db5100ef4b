"""A filled company is moved across a changed quota, a new demand, an abolished one and an error of ours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.duties import (
    actions,
    amending,
    amendments,
    corrections,
    deciding,
    queries,
    reports,
    verdicts,
)
from anze.records.duties.footing import EditionVanished
from anze.records.duties.layers import layers_of
from anze.records.duties.models import Application, Correction, Obligation
from anze.records.duties.rows import TermFinder
from anze.records.journal import queries as journal
from anze.records.signatures import actions as signing
from anze.records.signatures import queries as signatures
from anze.rules.catalogue.editions import RECORDING
from tests.cast import NOW, Cast
from tests.records.duties.test_deciding import assert_tallies_agree, seal, study
from tests.shelf import COURSE, MANAGER, MEETING, NEW, PLACE, STUDIED, STUDY, Shelf

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
NOTHING = verdicts.Stored(0, 0, 0)


def row(requirement: str, starts: date, **more: object) -> Obligation:
    return Obligation.objects.get(requirement=requirement, starts=starts, **more)


def standing(requirement: str, starts: date, **more: object) -> tuple[str, int, int, str]:
    found = row(requirement, starts, **more)
    return found.state, found.done, found.needed, found.edition


def beside_of(requirement: str, starts: date) -> corrections.CorrectionRow | None:
    return corrections.correction_of(queries.obligation(row(requirement, starts).pk))


def apply(company_id: int, at: datetime = NOW) -> amending.Prospect | None:
    with acting(SYSTEM, reads=(company_id,), at=at):
        return amending.apply_editions(company_id=company_id)


@pytest.fixture
def filled(shelf: Shelf, cast: Cast) -> Cast:
    """A study in October, one in November; each sealed on its day."""
    for draft in (study(cast, happened=instant("2026-10-10")), study(cast)):
        with cast.acts("safety_manager", at=draft.happened_at + timedelta(hours=3)):
            seal(draft)
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
    return cast


def instant(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T02:00:00+00:00")


def test_new_files_alone_change_no_verdict(filled: Cast, shelf: Shelf):
    old = shelf.edition(MANAGER)
    shelf.change_law()
    with filled.acts("safety_manager"):
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
        sealed = seal(study(filled))
        assert standing(STUDY, NOVEMBER) == ("met", 2, 1, old)
        assert not Obligation.objects.filter(requirement=NEW).exists()
        shown = queries.obligation(row(STUDY, NOVEMBER).pk)
        assert "至少1次" in shown.rule
        assert sealed.proved


def test_what_will_change_is_seen_first_and_nothing_is_written(filled: Cast, shelf: Shelf):
    shelf.change_law()
    with acting(SYSTEM, reads=(filled.a.id,), writes=(), at=NOW):
        before = list(Obligation.objects.order_by("pk").values())
        found = amending.prospect(company_id=filled.a.id)
        assert found is not None
        said = {(a.sort.value, a.requirement.id, a.since) for a in found.amendments}
        assert said == {
            ("changed", STUDY, date(2026, 9, 1)), ("abolished", STUDIED, NOVEMBER),
            ("new", NEW, date(2021, 1, 1)),
        }  # fmt: skip
        assert found.effects[NEW] == (2, 0, 0, 0)
        assert found.effects[STUDIED] == (0, 4, 0, 0)
        assert found.effects[STUDY] == (0, 0, 2, 0)
        assert found.total == (2, 4, 2, 0)
        words = {r.requirement: (r.old_rule, r.new_rule) for r in map(amendments.in_words, found.amendments)}
        assert words[STUDY][0].startswith("每月至少1次")
        assert words[STUDY][1].startswith("每月至少2次")
        assert words[NEW][0] == amendments.NOTHING
        assert words[STUDIED][1] == amendments.ENDED
        assert list(Obligation.objects.order_by("pk").values()) == before
        assert Application.objects.count() == 1


def test_open_periods_follow_the_new_text_and_closed_ones_stay(filled: Cast, shelf: Shelf):
    old = shelf.edition(MANAGER)
    shelf.change_law()
    new = shelf.edition(MANAGER)
    seen = apply(filled.a.id)
    assert seen is not None
    with filled.acts("safety_manager"):
        assert standing(STUDY, OCTOBER) == ("met", 1, 1, old)
        assert standing(STUDY, NOVEMBER) == ("open", 1, 2, new)
        assert standing(NEW, NOVEMBER) == ("open", 0, 1, new)
        assert not Obligation.objects.filter(requirement=NEW, starts__lt=NOVEMBER).exists()
        driver = filled.a.drivers[0]
        assert standing(STUDIED, OCTOBER, subject=driver) == ("met", 1, 1, old)
        assert not Obligation.objects.filter(requirement=STUDIED, starts__gte=NOVEMBER).exists()
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
        assert deciding.redecide_companies(company_ids=[filled.a.id]) == NOTHING
        assert_tallies_agree()
        assert "至少1次" in queries.obligation(row(STUDY, OCTOBER).pk).rule
        assert "至少2次" in queries.obligation(row(STUDY, NOVEMBER).pk).rule
        entry = journal.entries(company_id=filled.a.id).rows[0]
        assert entry.action == amending.APPLY
        assert f"{old}→{new}" in (entry.reason or "")
        assert journal.verify(company_id=filled.a.id) == []


def test_applying_twice_changes_nothing(filled: Cast, shelf: Shelf):
    shelf.change_law()
    assert apply(filled.a.id) is not None
    with filled.acts("safety_manager"):
        length = len(journal.entries(company_id=filled.a.id).rows)
    assert apply(filled.a.id) is None
    with filled.acts("safety_manager"):
        assert len(journal.entries(company_id=filled.a.id).rows) == length
        assert Application.objects.count() == 2


def test_new_facts_change_a_closed_verdict_under_its_own_edition(filled: Cast, shelf: Shelf):
    old = shelf.edition(MANAGER)
    shelf.change_law()
    apply(filled.a.id)
    with filled.acts("safety_manager"):
        made_up = date(2026, 9, 1)
        assert standing(STUDY, made_up) == ("missed", 0, 1, old)
        late = seal(study(filled, makes_up=made_up))
        assert standing(STUDY, made_up) == ("late", 1, 1, old)
        actions.void_records(record_ids=[late.record_id], reason="签到表传错")
        assert standing(STUDY, made_up) == ("missed", 0, 1, old)
        driver = filled.a.drivers[0]
        [proof] = row(STUDIED, OCTOBER, subject=driver).facts
        actions.void_records(record_ids=[proof], reason="签到表传错")
        assert standing(STUDIED, OCTOBER, subject=driver) == ("missed", 0, 1, old)
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
        assert_tallies_agree()


def test_time_goes_on_under_the_new_text(filled: Cast, shelf: Shelf):
    old = shelf.edition(MANAGER)
    shelf.change_law()
    apply(filled.a.id)
    with filled.acts("safety_manager", at=NOW + timedelta(days=20)):
        assert deciding.sweep(company_id=filled.a.id).updated
        assert standing(STUDY, NOVEMBER) == ("missed", 1, 2, shelf.edition(MANAGER))
        assert standing(STUDY, OCTOBER) == ("met", 1, 1, old)
        assert deciding.redecide(company_id=filled.a.id) == NOTHING


def test_a_correction_stands_beside_the_verdict_and_both_explain_themselves(filled: Cast, shelf: Shelf):
    old = shelf.edition(MANAGER)
    shelf.correct()
    found = apply(filled.a.id)
    assert found is not None
    assert found.effects[STUDY] == (0, 0, 2, 22)  # November and December; the months of 2025 and ten of 2026
    with filled.acts("safety_manager"):
        assert standing(STUDY, OCTOBER) == ("met", 1, 1, old)
        assert standing(STUDY, NOVEMBER) == ("open", 1, 2, shelf.edition(MANAGER))
        beside = beside_of(STUDY, OCTOBER)
        assert beside is not None
        assert (beside.state, beside.done, beside.needed) == ("missed", 1, 2)
        assert (beside.edition, beside.old_edition) == (shelf.edition(MANAGER), old)
        assert "至少2次" in beside.rule
        assert beside.why == "原件为两次，转载时脱字"
        assert beside_of(STUDY, NOVEMBER) is None
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
        assert Correction.objects.count() == 22


def test_an_error_about_a_place_stands_beside_with_both_reasons(filled: Cast, shelf: Shelf):
    with filled.acts("principal"):
        held = standing(MEETING, OCTOBER)
        rule_of_then = queries.obligation(row(MEETING, OCTOBER).pk).rule
    old = shelf.correct_place()
    found = apply(filled.a.id)
    assert found is not None
    assert [(a.sort.value, a.file) for a in found.amendments] == [("corrected", PLACE)]
    assert found.effects[MEETING].corrected == 22
    with filled.acts("principal"):
        assert standing(MEETING, OCTOBER) == held
        kept = queries.obligation(row(MEETING, OCTOBER).pk)
        assert (kept.rule, kept.needed) == (rule_of_then, 1)
        assert "至少2次" in queries.obligation(row(MEETING, NOVEMBER).pk).rule
        ruling = TermFinder([kept.company_id]).ruling_of(kept)
        [layer, _] = layers_of(kept.company_id, MEETING, OCTOBER, ruling)
        assert (layer.label, layer.number) == ("地方规定（宁波市）", "每月至少1次")
        beside = beside_of(MEETING, OCTOBER)
        assert beside is not None
        assert (beside.state, beside.needed) == ("missed", 2)
        assert (beside.old_edition, beside.edition) == (old, shelf.edition(PLACE))
        assert (beside.source, beside.why) == ("地方规定（宁波市）", "抄录时看错一行")
        assert "至少2次" in beside.rule
        assert beside_of(MEETING, NOVEMBER) is None
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
        assert_tallies_agree()
        [told] = amendments.applied(filled.a.id)
        assert [(r.source, r.old_rule[:6], r.new_rule[:6]) for r in told.rows] == [
            ("地方规定（宁波市）", "每月至少1次", "每月至少2次")
        ]


def test_an_error_about_the_recording_limit(filled: Cast, shelf: Shelf):
    with filled.acts("safety_manager", at=NOW):
        late = seal(study(filled, happened=instant("2026-09-20")))
        assert standing(STUDY, date(2026, 9, 1))[0] == "late"
    old = shelf.correct_limit()
    found = apply(filled.a.id)
    assert found is not None
    [told] = found.amendments
    assert (told.sort.value, told.requirement, told.file) == ("corrected", None, RECORDING)
    with filled.acts("safety_manager"):
        assert standing(STUDY, date(2026, 9, 1))[0] == "late"
        assert row(STUDY, date(2026, 9, 1)).facts == [late.record_id]
        beside = beside_of(STUDY, date(2026, 9, 1))
        assert beside is not None
        assert (beside.state, beside.source) == ("met", "补录期限")
        assert (beside.old_edition, beside.edition) == (old, shelf.edition(RECORDING))
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
    with filled.acts("principal"):
        [(application, _)] = amendments.unread(filled.a.id, ("coach.principal",))
        [applied] = amendments.applied(filled.a.id)
        assert applied.id == application
        [line] = applied.rows
        assert (line.label, line.position_name, line.source) == ("更正", "各岗位", "补录期限")
        assert line.old_rule == "记录最迟在期限届满后7个工作日内封存，逾此为逾期。"
        assert line.new_rule == "记录最迟在期限届满后60日内封存，逾此为逾期。"


def test_a_correction_follows_new_facts(filled: Cast, shelf: Shelf):
    shelf.correct()
    apply(filled.a.id)
    with filled.acts("safety_manager"):
        again = seal(study(filled, happened=instant("2026-10-20")))
        beside = beside_of(STUDY, OCTOBER)
        assert standing(STUDY, OCTOBER)[:3] == ("met", 2, 1)
        assert beside is not None
        assert (beside.state, beside.done, beside.needed) == ("late", 2, 2)
        actions.void_records(record_ids=[again.record_id], reason="登记错误")
        beside = beside_of(STUDY, OCTOBER)
        assert beside is not None
        assert (beside.state, beside.done) == ("missed", 1)
        assert Correction.objects.count() == 22
        assert deciding.redecide(company_id=filled.a.id) == NOTHING


def test_law_that_changes_and_an_error_of_ours_at_once(filled: Cast, shelf: Shelf):
    shelf.correct("每年至少参加一次主管部门")
    shelf.change_law()
    found = apply(filled.a.id)
    assert found is not None
    assert [(a.sort.value, a.requirement.id) for a in found.amendments] == [
        ("corrected", COURSE), ("changed", STUDY), ("abolished", STUDIED), ("new", NEW),
    ]  # fmt: skip
    with filled.acts("safety_manager"):
        beside = beside_of(COURSE, date(2025, 1, 1))
        assert beside is not None
        assert (beside.state, beside.needed) == ("missed", 2)
        for changed in Obligation.objects.exclude(edition=""):
            assert changed.cites or changed.state == "unset"
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
        assert_tallies_agree()


def test_two_changes_one_after_the_other(filled: Cast, shelf: Shelf):
    first = shelf.edition(MANAGER)
    shelf.change_law()
    apply(filled.a.id)
    second = shelf.edition(MANAGER)
    later = NOW + timedelta(days=30)
    shelf.change(MANAGER, "        text: 每月检查", "一次作业现场", "一次作业现场，并记录")
    shelf.publish()
    apply(filled.a.id, later)
    with filled.acts("safety_manager", at=later):
        assert row(STUDY, OCTOBER).edition == first
        assert row(STUDY, NOVEMBER).edition == second
        assert row(STUDY, date(2026, 12, 1)).edition == shelf.edition(MANAGER)
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
        assert [len(a.rows) for a in amendments.applied(filled.a.id)] == [1, 3]


def test_cut_off_half_way_and_gone_on_with(filled: Cast, shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    with filled.acts("other_principal"):
        deciding.redecide(company_id=filled.b.id)
    shelf.change_law()
    assert apply(filled.a.id) is not None

    def cut_off(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(amending.corrections, "keep", cut_off)
        with pytest.raises(KeyboardInterrupt):
            apply(filled.b.id)
    with filled.acts("other_principal"):
        assert Application.objects.count() == 1
        assert not Obligation.objects.filter(requirement=NEW).exists()
        assert_tallies_agree()
    assert apply(filled.a.id) is None
    assert apply(filled.b.id) is not None
    with filled.acts("other_principal"):
        assert Obligation.objects.filter(requirement=NEW).exists()
        assert deciding.redecide(company_id=filled.b.id) == NOTHING


def test_a_vanished_edition_is_named_with_its_remedy(filled: Cast, shelf: Shelf):
    old = shelf.edition(MANAGER)
    shelf.change_law()
    apply(filled.a.id)
    shelf.lose(old)
    with filled.acts("safety_manager"):
        with pytest.raises(EditionVanished, match=f"{old}.*catalogue/editions/{old}.yaml"):
            seal(study(filled))
        assert amendments.edition_state(filled.a.id) == amendments.EditionState(False, (old,))
        assert queries.obligation(row(STUDY, OCTOBER).pk).done == 1
        [told] = amendments.applied(filled.a.id)
        assert old in told.vanished
    with pytest.raises(EditionVanished):
        apply(filled.a.id)


def test_a_clock_set_back_reopens_nothing(filled: Cast, shelf: Shelf):
    later = NOW + timedelta(days=20)
    with filled.acts("safety_manager", at=later):
        deciding.sweep(company_id=filled.a.id)
        assert standing(STUDY, NOVEMBER)[0] == "met"
        assert standing(STUDY, date(2026, 12, 1))[0] == "open"
        missed = set(Obligation.objects.filter(state="missed").values_list("pk", flat=True))
    with filled.acts("safety_manager"):
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
        seal(study(filled))
        assert set(Obligation.objects.filter(state="missed").values_list("pk", flat=True)) == missed


def test_a_database_from_before_begins_with_the_editions_its_verdicts_name(filled: Cast, shelf: Shelf):
    old = shelf.edition(MANAGER)
    with acting(SYSTEM, reads=(filled.a.id,), at=NOW):
        Application.objects.all().delete()
    shelf.change_law()
    with acting(SYSTEM, reads=(filled.a.id,), at=NOW):
        found = amending.prospect(company_id=filled.a.id)
        assert found is not None
        assert dict(found.before)[MANAGER] == old
    with filled.acts("safety_manager"):
        assert deciding.redecide(company_id=filled.a.id) == NOTHING
        assert amendments.edition_state(filled.a.id).due


def test_who_holds_the_post_signs_again(filled: Cast, shelf: Shelf):
    with filled.acts("safety_manager"):
        asked = signatures.list_in_force("coach.safety_manager")
        signing.sign_list(position=asked.position, edition=asked.edition, digest=asked.digest)
        assert all(row.signed for row in signatures.mine())
    shelf.change_law()
    apply(filled.a.id)
    with filled.acts("safety_manager"):
        assert [row.state.value for row in signatures.mine()] == ["sign_again"]
    with filled.acts("principal"):
        assert [row.state.value for row in signatures.mine()] == ["unsigned"]


def test_each_reads_what_concerns_them_and_is_asked_once(filled: Cast, shelf: Shelf):
    shelf.correct()
    with filled.acts("principal"):
        assert [r.label for r in amendments.awaiting(filled.a.id)] == ["更正"]
    apply(filled.a.id)
    with filled.acts("principal"):
        assert amendments.awaiting(filled.a.id) == ()
        [(application, at)] = amendments.unread(filled.a.id, ("coach.safety_manager",))
        assert at == NOW
        amending.acknowledge(application_id=application)
        amending.acknowledge(application_id=application)
        assert amendments.unread(filled.a.id, ("coach.safety_manager",)) == []
        [told] = amendments.applied(filled.a.id)
        assert told.read_at == NOW
        assert told.effects[STUDY].corrected == 22
        [line] = told.rows
        assert (line.was, line.found) == ("读作一次", "2026-11-20 某某，对照原件")
    with filled.acts("monitor"):
        assert amendments.unread(filled.a.id, ("coach.dispatcher",)) == []
        assert amendments.applied(filled.a.id) == []
    with filled.acts("other_principal"), pytest.raises(NotFound):
        amending.acknowledge(application_id=application)


def test_who_may_apply(filled: Cast, shelf: Shelf):
    for member in ("principal", "officer", "administrator"):
        with filled.acts(member), pytest.raises(NotPermitted):
            amending.apply_editions(company_id=filled.a.id)


def test_a_report_speaks_in_the_words_that_its_verdicts_rest_on(filled: Cast, shelf: Shelf):
    shelf.change_law()
    manager = shelf.root / MANAGER
    words = manager.read_text("utf-8")
    manager.write_text(words.replace("每月至少组织一次驾驶员安全学习", "每月组织驾驶员学习两次"), "utf-8")
    shelf.publish()
    apply(filled.a.id)
    with filled.acts("safety_manager"):
        spoken = {}
        for month in (OCTOBER, NOVEMBER):
            report = reports.month_report(company_id=filled.a.id, month=month)
            (line,) = [o for post in report.posts for o in post.lines if o.requirement == STUDY]
            spoken[month] = (line.text, line.needed, "至少2次" in line.rule)
    assert spoken[OCTOBER] == ("每月至少组织一次驾驶员安全学习，每次不少于 2 小时", 1, False)
    assert spoken[NOVEMBER] == ("每月组织驾驶员学习两次，每次不少于 2 小时", 2, True)
