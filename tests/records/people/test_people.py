"""Employment, posts, deputies and accounts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.people import accounts, actions, queries
from anze.records.people.actions import InvalidAccount, InvalidPeople, NewPerson, PostTaken
from anze.records.people.models import Account, Cover, Holding
from anze.records.people.phones import masked, tidy_phone
from tests.cast import NOW, PASSWORD, STARTED, TODAY, Cast

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13912345678", "13912345678"),
        ("139 1234 5678", "13912345678"),
        ("+86 139-1234-5678", "13912345678"),
        ("１３９１２３４５６７８", "13912345678"),
        ("0574-87654321", "0574-87654321"),
        ("", ""),
        ("12345", None),
        ("23912345678", None),
        ("abc", None),
    ],
)
def test_phones_have_one_spelling(typed: str, stored: str | None) -> None:
    assert tidy_phone(typed) == stored


@pytest.mark.parametrize(("phone", "shown"), [("13912345678", "139****5678"), ("", ""), ("12345", "*****")])
def test_phones_are_masked(phone: str, shown: str) -> None:
    assert masked(phone) == shown


def test_people_are_listed_by_pinyin_with_masked_phones(cast: Cast) -> None:
    with cast.acts("principal"):
        rows = queries.people()
        assert [row.name for row in rows] == ["冯甬", "李甬", "钱甬", "孙甬", "赵甬", "郑甬"]
        assert rows[0].phone_masked == "138****0005"
        assert {row.id for row in queries.people(drivers=True)} == set(cast.a.drivers)
        assert cast.a.clerk in {row.id for row in queries.people(drivers=False)}


@pytest.mark.parametrize("text", ["赵甬", "赵", "zhaoyong", "zhao y", "zy"])
def test_people_are_found_by_name_pinyin_or_initials(cast: Cast, text: str) -> None:
    with cast.acts("principal"):
        assert cast.a.principal in {row.id for row in queries.search(text)}
        assert queries.search(" ") == []


def test_all_wrong_people_are_named_at_once_and_none_is_employed(cast: Cast) -> None:
    wrong = [
        NewPerson("好人", TODAY),
        NewPerson(" ", TODAY),
        NewPerson("甲", TODAY, phone="1"),
        NewPerson("乙", TODAY, unit_id=cast.b.department),
    ]
    with cast.acts("principal"):
        with pytest.raises(InvalidPeople) as refusal:
            actions.employ(company_id=cast.a.id, people=wrong)
        assert set(refusal.value.errors) == {1, 2, 3}
        assert "第 3 人：“1”不是电话号码" in str(refusal.value)
        assert len(queries.people()) == 6
        assert actions.employ(company_id=cast.a.id, people=[]) == []


def test_leaving_ends_posts_covers_and_rights(cast: Cast) -> None:
    leaving = cast.a.safety_manager
    with cast.acts("principal"):
        (holding,) = queries.holdings(person_id=leaving)
        actions.appoint_deputy(
            holding_id=holding.id, deputy_id=cast.a.clerk, since=TODAY - DAY, until=None, reason="休假"
        )
        actions.dismiss(person_ids=[leaving], left_on=TODAY)
        assert queries.person(leaving).left_on == TODAY
        assert [h.until for h in queries.holdings(person_id=leaving)] == [TODAY]
        assert [c.until for c in queries.covers()] == [TODAY]
        assert leaving not in {row.id for row in queries.people(on=TODAY)}
        assert leaving in {row.id for row in queries.people(on=TODAY - DAY)}
    assert queries.actor_for(cast.account("safety_manager"), NOW).roles == frozenset()


def test_dismissing_refuses_what_makes_no_sense(cast: Cast) -> None:
    with cast.acts("principal"):
        with pytest.raises(Refused, match="早于入职"):
            actions.dismiss(person_ids=[cast.a.clerk], left_on=STARTED - DAY)
        with pytest.raises(NotFound):
            actions.dismiss(person_ids=[cast.a.clerk, cast.b.clerk], left_on=TODAY)
        actions.dismiss(person_ids=[cast.a.clerk], left_on=TODAY)
        with pytest.raises(Refused, match="已于"):
            actions.dismiss(person_ids=[cast.a.clerk], left_on=TODAY)


@pytest.mark.parametrize("member", ["monitor", "driver", "clerk", "officer"])
def test_only_leaders_manage_people(cast: Cast, member: str) -> None:
    with cast.acts(member):
        with pytest.raises(NotPermitted):
            actions.employ(company_id=cast.a.id, people=[NewPerson("某", TODAY)])
        with pytest.raises(NotPermitted):
            actions.assign_post(person_id=cast.a.clerk, position="coach.safety_manager", since=TODAY)


def test_a_post_for_one_is_held_once(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        with pytest.raises(PostTaken, match="赵甬 自 2025-01-01 起任此岗位"):
            actions.assign_post(person_id=cast.a.clerk, position="coach.principal", since=TODAY)
        (holding,) = [h for h in queries.holdings() if h.position == "coach.principal"]
        assert actions.end_holding(holding_id=holding.id, until=TODAY) == "coach.principal"
        actions.assign_post(person_id=cast.a.clerk, position="coach.principal", since=TODAY)
        with pytest.raises(PostTaken, match="至 2026-11-20（不含）"):
            actions.assign_post(
                person_id=cast.a.monitor, position="coach.principal", since=TODAY - 9 * DAY, until=TODAY
            )
        assert [h.person_id for h in queries.holdings(on=TODAY) if h.position == "coach.principal"] == [
            cast.a.clerk
        ]


def test_a_post_for_several_is_held_by_several_but_once_by_each(cast: Cast) -> None:
    with cast.acts("principal"):
        actions.assign_post(person_id=cast.a.clerk, position="coach.safety_manager", since=TODAY)
        with pytest.raises(PostTaken, match=r"冯甬 自 .*期间重叠"):
            actions.assign_post(
                person_id=cast.a.clerk,
                position="coach.safety_manager",
                since=TODAY + DAY,
                until=TODAY + 2 * DAY,
            )


def test_two_at_once_cannot_both_take_a_post(committed_cast: Cast) -> None:
    """Past each other's check: the exclusion constraint decides, the loser reads a clear sentence."""
    cast = committed_cast
    with cast.acts("safety_manager"):
        (holding,) = [h for h in queries.holdings() if h.position == "coach.principal"]
        actions.end_holding(holding_id=holding.id, until=TODAY)

    def take(person: int) -> str:
        try:
            with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
                actions.assign_post(person_id=person, position="coach.principal", since=TODAY)
        except PostTaken as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(take, [cast.a.clerk, cast.a.monitor, cast.a.safety_manager]))
    assert answers.count("taken") == 1
    assert all("同一时间只能由一人担任" in answer for answer in answers if answer != "taken")
    with cast.acts("safety_manager"):
        assert Holding.objects.filter(position="coach.principal", until=None).count() == 1


def test_the_constraint_itself_answers_with_the_same_sentence(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check before writing sees nothing, as if the other transaction had not committed yet."""
    real, asked = actions._overlapping, []

    def late(*arguments: Any) -> Any:
        asked.append(arguments)
        return None if len(asked) == 1 else real(*arguments)

    monkeypatch.setattr(actions, "_overlapping", late)
    with cast.acts("safety_manager"), pytest.raises(PostTaken, match="同一时间只能由一人担任"):
        actions.assign_post(person_id=cast.a.clerk, position="coach.principal", since=TODAY)
    assert len(asked) == 2


def test_a_post_needs_sense(cast: Cast) -> None:
    with cast.acts("principal"):
        with pytest.raises(NotFound, match="没有这个岗位"):
            actions.assign_post(person_id=cast.a.clerk, position="taxi.principal", since=TODAY)
        with pytest.raises(NotFound):
            actions.assign_post(person_id=cast.b.clerk, position="coach.safety_manager", since=TODAY)
        with pytest.raises(Refused, match="不在职"):
            actions.assign_post(person_id=cast.a.clerk, position="coach.safety_manager", since=STARTED - DAY)
        with pytest.raises(Refused, match="离任日期应晚于"):
            actions.assign_post(
                person_id=cast.a.clerk, position="coach.safety_manager", since=TODAY, until=TODAY
            )


def test_ending_a_post_needs_sense(cast: Cast) -> None:
    with cast.acts("principal"):
        (holding,) = queries.holdings(person_id=cast.a.safety_manager)
        with pytest.raises(Refused, match="晚于任职日期"):
            actions.end_holding(holding_id=holding.id, until=STARTED)
        actions.end_holding(holding_id=holding.id, until=TODAY)
        with pytest.raises(Refused, match="已于"):
            actions.end_holding(holding_id=holding.id, until=TODAY + DAY)
    with cast.acts("other_principal"), pytest.raises(NotFound):
        actions.end_holding(holding_id=holding.id, until=TODAY)


def test_ending_a_post_ends_its_covers(cast: Cast) -> None:
    with cast.acts("principal"):
        (holding,) = queries.holdings(person_id=cast.a.safety_manager)
        for since, until in ((TODAY - 9 * DAY, TODAY + 2 * DAY), (TODAY + 9 * DAY, None)):
            actions.appoint_deputy(
                holding_id=holding.id, deputy_id=cast.a.clerk, since=since, until=until, reason="休假"
            )
        actions.end_holding(holding_id=holding.id, until=TODAY)
        assert list(Cover.objects.values_list("since", "until")) == [(TODAY - 9 * DAY, TODAY)]


def test_a_deputy_has_the_post_while_covering(cast: Cast) -> None:
    with cast.acts("principal"):
        (holding,) = queries.holdings(person_id=cast.a.safety_manager)
        position = actions.appoint_deputy(
            holding_id=holding.id, deputy_id=cast.a.clerk, since=TODAY, until=TODAY + 2 * DAY, reason="休假"
        )
        assert position == "coach.safety_manager"
        assert [c.deputy_name for c in queries.covers(on=TODAY)] == ["冯甬"]
        with pytest.raises(Refused, match="已是代理人"):
            actions.appoint_deputy(
                holding_id=holding.id, deputy_id=cast.a.clerk, since=TODAY + DAY, until=None, reason="又一次"
            )
    with cast.acts("clerk") as scope:
        assert scope.actor.roles == {"safety_manager"}
        assert queries.my_positions() == ("coach.safety_manager",)
    assert queries.actor_for(cast.account("clerk"), NOW + 2 * DAY).roles == {"employee"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"reason": " "}, "顶岗原因"),
        ({"since": STARTED - DAY}, "任职期间之内"),
        ({"until": TODAY}, "结束日期应晚于"),
    ],
)
def test_a_cover_needs_sense(cast: Cast, change: dict[str, object], problem: str) -> None:
    with cast.acts("principal"):
        (holding,) = queries.holdings(person_id=cast.a.safety_manager)
        given: dict[str, object] = {
            "holding_id": holding.id,
            "deputy_id": cast.a.clerk,
            "since": TODAY,
            "until": None,
            "reason": "休假",
        }
        with pytest.raises(Refused, match=problem):
            actions.appoint_deputy(**(given | change))  # type: ignore[arg-type]
        with pytest.raises(Refused, match="本人顶替本人"):
            actions.appoint_deputy(**(given | {"deputy_id": cast.a.safety_manager}))  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            actions.appoint_deputy(**(given | {"deputy_id": cast.b.clerk}))  # type: ignore[arg-type]


def test_who_an_account_acts_as(cast: Cast) -> None:
    roles = {
        member: queries.actor_for(cast.account(member), NOW).roles
        for member in (
            "principal",
            "safety_manager",
            "monitor",
            "driver",
            "clerk",
            "officer",
            "administrator",
        )
    }
    assert roles == {
        "principal": {"principal"},
        "safety_manager": {"safety_manager"},
        "monitor": {"holder"},
        "driver": {"driver"},
        "clerk": {"employee"},
        "officer": {"officer"},
        "administrator": {"administrator"},
    }
    actor = queries.actor_for(cast.account("principal"), NOW)
    assert (actor.name, actor.person, actor.company) == ("赵甬", cast.a.principal, cast.a.id)


def test_what_an_account_may_read_and_write(cast: Cast) -> None:
    both = (cast.a.id, cast.b.id)
    assert queries.scope_of(cast.account("driver"), TODAY) == ((cast.a.id,), (cast.a.id,))
    assert queries.scope_of(cast.account("officer"), TODAY) == (both, ())
    assert queries.scope_of(cast.account("stranger_officer"), TODAY) == ((), ())
    assert queries.scope_of(cast.account("administrator"), TODAY) == ((), ())


def test_my_positions_are_of_the_acting_person(cast: Cast) -> None:
    for member, positions in (("principal", ("coach.principal",)), ("driver", ()), ("officer", ())):
        with cast.acts(member):
            assert queries.my_positions() == positions


def test_an_account_signs_in_with_its_password(cast: Cast) -> None:
    account = Account.objects.get(username="principal")
    assert account.check_password(PASSWORD)
    assert account.password.startswith("argon2$")
    assert not account.check_password("anders")


@pytest.mark.parametrize(
    ("username", "password", "where"),
    [
        ("newcomer", "short", "password"),
        ("newcomer", "1234567890", "password"),
        ("newcomer", "newcomer-2", "password"),
        ("", PASSWORD, "username"),
        ("principal", PASSWORD, "username"),
        ("bad\x00name", PASSWORD, "username"),
    ],
)
def test_a_wrong_account_is_refused(cast: Cast, username: str, password: str, where: str) -> None:
    with cast.acts("principal"):
        with pytest.raises(InvalidAccount) as refusal:
            actions.open_account(username=username, password=password, person_id=cast.a.drivers[1])
        assert set(refusal.value.errors) == {where}


def test_accounts_are_opened_for_ones_own_people_only(cast: Cast) -> None:
    with cast.acts("principal"):
        with pytest.raises(NotFound):
            actions.open_account(username="x1", password=PASSWORD, person_id=cast.b.drivers[1])
        with pytest.raises(InvalidAccount, match="已有账号"):
            actions.open_account(username="x1", password=PASSWORD, person_id=cast.a.clerk)
        with pytest.raises(NotPermitted):
            actions.open_account(
                username="x1", password=PASSWORD, authority_id=cast.authority, officer_name="某"
            )
        with pytest.raises(NotPermitted):
            actions.open_account(username="x1", password=PASSWORD, administrator=True)
        with pytest.raises(ValueError, match="an account is of"):
            actions.open_account(username="x1", password=PASSWORD)
        assert {row.username for row in queries.accounts()} == {
            "principal", "safety_manager", "monitor", "driver", "clerk",
        }  # fmt: skip
    with cast.acts("driver"):
        assert queries.accounts() == []


def test_officers_have_a_name_and_an_authority(cast: Cast) -> None:
    with cast.acts("administrator"):
        with pytest.raises(InvalidAccount, match="人员姓名"):
            actions.open_account(username="x1", password=PASSWORD, authority_id=cast.authority)
        with pytest.raises(NotFound):
            actions.open_account(username="x1", password=PASSWORD, authority_id=10**9, officer_name="某")


def test_passwords_change_with_the_old_one(cast: Cast) -> None:
    with cast.acts("driver"):
        with pytest.raises(InvalidAccount, match="原密码"):
            actions.change_password(old="falsch", new="Neues-Passwort-1")
        actions.change_password(old=PASSWORD, new="Neues-Passwort-1")
    assert Account.objects.get(username="driver").check_password("Neues-Passwort-1")


def test_a_closed_account_does_nothing_more(cast: Cast) -> None:
    driver = cast.account("driver")
    with cast.acts("principal"):
        actions.close_account(account_id=driver.pk)
        with pytest.raises(NotPermitted):
            actions.close_account(account_id=cast.account("principal").pk)
        with pytest.raises(NotFound):
            actions.close_account(account_id=cast.account("other_driver").pk)
    closed = Account.objects.get(pk=driver.pk)
    assert queries.actor_for(closed, NOW).roles == frozenset()
    assert queries.scope_of(closed, TODAY) == ((), ())


def test_another_companys_person_is_not_found(cast: Cast) -> None:
    with cast.acts("principal"), pytest.raises(NotFound):
        queries.person(cast.b.clerk)
    with cast.acts("officer"):
        assert queries.person(cast.b.clerk).name == "冯海"
        assert len(queries.people(company_id=cast.b.id)) == 6
        assert {h.company_id for h in queries.holdings(company_id=cast.b.id)} == {cast.b.id}


def test_a_holding_keeps_its_span_in_the_database(cast: Cast) -> None:
    from django.db import IntegrityError, transaction

    with cast.acts("principal"), pytest.raises(IntegrityError, match="holding_lasts"), transaction.atomic():
        Holding.objects.create(
            company_id=cast.a.id,
            person_id=cast.a.clerk,
            position="coach.safety_manager",
            since=TODAY,
            until=date(2026, 1, 1),
        )


def test_a_password_is_made_anew_for_somebody_else(cast: Cast) -> None:
    clerk, own = cast.account("clerk"), cast.account("principal")
    with cast.acts("principal"):
        actions.close_account(account_id=clerk.pk)
        accounts.reset_password(account_id=clerk.pk, password="Yongcheng-2027-xin")
        with pytest.raises(NotPermitted, match="账号安全"):
            accounts.reset_password(account_id=own.pk, password="Yongcheng-2027-xin")
        with pytest.raises(InvalidAccount):
            accounts.reset_password(account_id=clerk.pk, password="1")
        with pytest.raises(NotFound):
            accounts.reset_password(account_id=cast.account("other_clerk").pk, password="x")
    clerk.refresh_from_db()
    assert clerk.is_active
    assert clerk.check_password("Yongcheng-2027-xin")
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        accounts.reset_password(account_id=clerk.pk, password="Yongcheng-2027-xin")
