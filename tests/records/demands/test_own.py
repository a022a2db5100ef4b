"""A company asks something of a post on its own: decided, shown, signed and reported like a printed line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.demands import queries as demands
from anze.records.demands.actions import NotProvable
from anze.records.duties import actions, amending, deciding, overview, queries, verdicts
from anze.records.duties.layers import layers_of
from anze.records.duties.models import Obligation
from anze.records.duties.own import add_demand, end_demand
from anze.records.duties.proofs import would_prove
from anze.records.duties.reports import month_report
from anze.records.duties.year import year
from anze.records.evidence import actions as evidence
from anze.records.evidence import queries as evidence_queries
from anze.records.journal import queries as journal
from anze.records.lawbook import lawbook
from anze.records.signatures import actions as signing
from anze.records.signatures import queries as signatures
from anze.rules.catalogue.model import Every, Role
from anze.rules.duties.own import Asking, own_key
from tests.cast import NOW, TODAY, Cast
from tests.kept import Kept
from tests.records.duties.test_deciding import assert_tallies_agree, seal, study
from tests.shelf import Shelf, shelf

__all__ = ["shelf"]
MANAGER = "coach.safety_manager"
RULE = "公司安全制度第八条"
DECEMBER = date(2026, 12, 1)
JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)
NOTHING = verdicts.Stored(0, 0, 0)
TWICE = Asking(
    position=MANAGER,
    text="每月组织两次驾驶员学习",
    every=Every.MONTH,
    times=2,
    record_kind="training.driver-study",
    since=DECEMBER,
    role=Role.ORGANISER,
)


@pytest.fixture
def decided(kept_decided: Kept[Cast], db: None) -> Cast:
    return kept_decided.again()


def key_of(requirement: str) -> int:
    return own_key(requirement) or 0


def added(cast: Cast, demand: Asking = TWICE) -> str:
    """The id of its requirement."""
    with cast.acts("safety_manager"):
        key = add_demand(demand=demand, reason=RULE)
        return f"{demand.position}.o{key}.a"


def standing(requirement: str, starts: date = DECEMBER, **more: object) -> tuple[str, int, int, str]:
    row = Obligation.objects.get(requirement=requirement, starts=starts, **more)
    return row.state, row.done, row.needed, row.layer


def test_it_is_decided_from_its_first_day_on(decided: Cast) -> None:
    asked = added(decided)
    with decided.acts("safety_manager"):
        assert standing(asked) == ("upcoming", 0, 2, "company")
        assert not Obligation.objects.filter(requirement=asked, starts__lt=DECEMBER).exists()
        assert deciding.redecide(company_id=decided.a.id) == NOTHING
        assert_tallies_agree()
    at = NOW + timedelta(days=20)
    with decided.acts("safety_manager", at=at):
        deciding.sweep(company_id=decided.a.id)
        assert standing(asked)[0] == "open"
        record = evidence.draft_record(draft=study(decided, happened=at - timedelta(days=1)))
        assert asked in {
            outlook.requirement for outlook in would_prove(evidence_queries.record(record)) if outlook.proves
        }
        [sealed] = actions.seal_records(record_ids=[record])
        assert standing(asked) == ("open", 1, 2, "company")
        again = seal(study(decided, happened=at - timedelta(days=2)))
        assert standing(asked) == ("met", 2, 2, "company")
        assert Obligation.objects.get(requirement=asked, starts=DECEMBER).pk in again.proved
        actions.void_records(record_ids=[sealed.record_id], reason="登记错误")
        assert standing(asked)[:2] == ("open", 1)
        assert deciding.redecide(company_id=decided.a.id) == NOTHING
        assert deciding.redecide_companies(company_ids=[decided.a.id]) == NOTHING
        assert_tallies_agree()
    with decided.acts("safety_manager", at=NOW + timedelta(days=45)):
        deciding.sweep(company_id=decided.a.id)
        assert standing(asked)[:3] == ("missed", 1, 2)


def test_each_driver_is_asked(decided: Cast) -> None:
    each = replace(TWICE, text="每名驾驶员每月学习一次", times=1, subject="driver", role=None)
    asked = added(decided, each)
    driver, other = decided.a.drivers
    at = NOW + timedelta(days=20)
    with decided.acts("safety_manager", at=at):
        deciding.sweep(company_id=decided.a.id)
        draft = study(decided, happened=at - timedelta(days=1))
        seal(replace(draft, parts=[part for part in draft.parts if part.person_id != other]))
        assert standing(asked, subject=driver)[0] == "met"
        assert standing(asked, subject=other)[0] == "open"
        assert deciding.redecide(company_id=decided.a.id) == NOTHING


def test_it_shows_in_layers_report_calendar_and_overview(decided: Cast) -> None:
    asked = added(decided)
    with decided.acts("safety_manager", at=NOW + timedelta(days=45)):
        deciding.sweep(company_id=decided.a.id)
        [layer] = layers_of(decided.a.id, asked, DECEMBER)
        assert (layer.label, layer.number) == ("企业规定", "每月至少2次")
        report = month_report(company_id=decided.a.id, month=DECEMBER)
        [line] = [o for post in report.posts for o in post.lines if o.requirement == asked]
        assert (line.text, line.number, line.state) == (TWICE.text, "企1", "missed")
        assert "依企业规定" in line.rule
        due = {day for day, found in year(company_id=decided.a.id, year=2027).items() if found.foreseen}
        assert date(2027, 6, 30) in due
        row = queries.obligation(Obligation.objects.get(requirement=asked, starts=DECEMBER).pk)
        assert (row.text, row.layer_name) == (TWICE.text, "企业规定")
        assert "由本岗位组织" in row.rule
        assert asked in {one.requirement.id for one in overview.lagging(company_id=decided.a.id, limit=500)}


def test_the_list_is_signed_again_when_it_begins_and_when_it_ends(decided: Cast) -> None:
    def sign() -> None:
        found = signatures.list_in_force(MANAGER, decided.a.id)
        signing.sign_list(position=MANAGER, edition=found.edition, digest=found.digest)

    def states() -> list[str]:
        return [row.state.value for row in signatures.mine()]

    with decided.acts("safety_manager"):
        sign()
        before = signatures.list_in_force(MANAGER, decided.a.id)
    key = key_of(added(decided))
    with decided.acts("safety_manager"):
        assert states() == ["sign_again"]
        shown = signatures.list_in_force(MANAGER, decided.a.id)
        assert [line.number for line in shown.sheet.lists[1].lines][-1] == "企1"
        assert TWICE.text in shown.text
        with pytest.raises(signing.ListChanged):
            signing.sign_list(position=MANAGER, edition=before.edition, digest=before.digest)
        sign()
        assert states() == ["signed"]
        assert signatures.signed_shares([decided.a.id])[decided.a.id].signed == 1
        assert signatures.signature(signatures.mine()[0].signature_id or 0).in_force
    with decided.acts("safety_manager"):
        end_demand(demand_id=key, ends=DECEMBER + timedelta(days=31), reason="制度修订")
        assert states() == ["signed"]  # asked until then
    with decided.acts("safety_manager", at=NOW + timedelta(days=60)):
        assert states() == ["signed"]  # the words of before, which were signed first
        assert signatures.list_in_force(MANAGER, decided.a.id).digest == before.digest
    with decided.acts("other_safety_manager"):
        assert signatures.list_in_force(MANAGER, decided.b.id).digest == before.digest


def test_ended_it_keeps_what_was_judged(decided: Cast) -> None:
    asked = added(decided)
    later = NOW + timedelta(days=45)
    with decided.acts("safety_manager", at=later):
        deciding.sweep(company_id=decided.a.id)
        assert standing(asked, JANUARY)[0] == "open"
        end_demand(demand_id=key_of(asked), ends=FEBRUARY, reason="制度修订")
        assert standing(asked)[0] == "missed"
        assert not Obligation.objects.filter(requirement=asked, starts__gte=FEBRUARY).exists()
        assert deciding.redecide(company_id=decided.a.id) == NOTHING
        with pytest.raises(Refused, match="已经结束"):
            end_demand(demand_id=key_of(asked), ends=date(2027, 3, 1), reason="x")
        [told] = demands.rows(decided.a.id)
        assert (told.state, told.end_reason) == ("running", "制度修订")
        acts = [entry.action for entry in journal.entries(company_id=decided.a.id).rows]
        assert {"demand.add", "demand.end"} <= set(acts)
        assert journal.verify(company_id=decided.a.id) == []
    with decided.acts("safety_manager", at=NOW + timedelta(days=80)):
        [told] = demands.rows(decided.a.id)
        assert told.state == "over"
        assert demands.requirement(asked).text == TWICE.text
        report = month_report(company_id=decided.a.id, month=DECEMBER)
        [line] = [o for post in report.posts for o in post.lines if o.requirement == asked]
        assert line.number == "企"
        position = demands.position(decided.a.id, MANAGER)
        assert position is not None
        assert demands.line(position, asked.removesuffix(".a")).text == TWICE.text
        with pytest.raises(KeyError):
            demands.line(position, f"{MANAGER}.d99")


def test_it_outlives_a_change_of_law(shelf: Shelf, cast: Cast) -> None:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
    asked = added(cast)
    shelf.change_law()
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        amending.apply_editions(company_id=cast.a.id)
    with cast.acts("safety_manager"):
        assert standing(asked) == ("upcoming", 0, 2, "company")
        assert deciding.redecide(company_id=cast.a.id) == NOTHING


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": " "}, "写明要求"),
        ({"text": "长" * 201}, "200字"),
        ({"times": 0}, "频次"),
        ({"since": TODAY - timedelta(days=1)}, "不能早于今天"),
        ({"ends": DECEMBER}, "晚于起始日期"),
        ({"role": Role.SIGNER}, "没有这种身份"),
        ({"subject": "vehicle"}, "不逐一列明车辆"),
    ],
)
def test_what_cannot_be_asked(cast: Cast, changes: dict[str, object], says: str) -> None:
    with cast.acts("safety_manager"), pytest.raises((Refused, NotProvable), match=says):
        add_demand(demand=replace(TWICE, **changes), reason=RULE)


def test_a_demand_says_on_what_ground(cast: Cast) -> None:
    with cast.acts("safety_manager"), pytest.raises(Refused, match="依据"):
        add_demand(demand=TWICE, reason=" ")


@pytest.mark.parametrize(
    "changes",
    [
        {"position": "taxi.boss"},
        {"position": "coach.nobody"},
        {"record_kind": "no.such"},
        {"subject": "route"},
    ],
)
def test_what_does_not_exist_is_not_found(cast: Cast, changes: dict[str, object]) -> None:
    with cast.acts("safety_manager"), pytest.raises(NotFound):
        add_demand(demand=replace(TWICE, **changes), reason=RULE)


def test_a_record_without_people_proves_nothing_of_each_driver(cast: Cast) -> None:
    kinds = lawbook().kinds.values()
    alone = next(kind.id for kind in kinds if not {Role.PARTICIPANT, Role.SUBJECT} & set(kind.roles))
    with cast.acts("safety_manager"), pytest.raises(NotProvable, match="驾驶员"):
        add_demand(demand=replace(TWICE, record_kind=alone, role=None, subject="driver"), reason=RULE)


def test_who_may_and_whose_it_is(decided: Cast) -> None:
    asked = added(decided)
    number = key_of(asked)
    for member in ("driver", "officer"):
        with decided.acts(member), pytest.raises((NotPermitted, NotFound)):
            add_demand(demand=TWICE, reason=RULE)
    with decided.acts("other_safety_manager"):
        assert demands.rows(decided.b.id) == []
        with pytest.raises(KeyError):
            demands.requirement(asked)
        for key in (number, 0, 2**80):
            with pytest.raises(NotFound):
                end_demand(demand_id=key, ends=DECEMBER + timedelta(days=9), reason="x")
    with decided.acts("safety_manager"):
        for ends, reason, says in (
            (DECEMBER, "x", "晚于起始日期"),
            (TODAY - timedelta(days=1), "x", "不能早于今天"),
            (DECEMBER + timedelta(days=9), " ", "理由"),
        ):
            with pytest.raises(Refused, match=says):
                end_demand(demand_id=number, ends=ends, reason=reason)


def test_who_holds_the_post_anew_owes_it(decided: Cast) -> None:
    asked = added(decided, replace(TWICE, position="coach.safety_head"))
    with decided.acts("safety_manager"):
        assert not Obligation.objects.filter(requirement=asked).exists()
        actions.assign_post(person_id=decided.a.clerk, position="coach.safety_head", since=TODAY)
        assert standing(asked)[:3] == ("upcoming", 0, 2)
