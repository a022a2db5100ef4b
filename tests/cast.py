"""The cast of the tests: two companies, the authority over both, one over neither, and their accounts.

Everything is relative to NOW, a fixed instant. Names are of nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from anze.records.acting.context import SHANGHAI, SYSTEM, Acting, acting
from anze.records.duties import deciding
from anze.records.evidence.actions import Draft, PartInput
from anze.records.fleet import actions as fleet
from anze.records.fleet.actions import NewVehicle
from anze.records.people import actions as people
from anze.records.people import queries
from anze.records.people.actions import NewPerson
from anze.records.people.models import Account, Holding
from anze.records.tenants import actions as tenants
from tests.kept import Kept

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Friday
TODAY = NOW.astimezone(SHANGHAI).date()
STARTED = date(2025, 1, 1)
PASSWORD = "Ningbo-Anquan-2026"


@dataclass(frozen=True)
class Company:
    """Ids. `drivers` and `vehicles`: two each."""

    id: int
    principal: int
    safety_manager: int
    monitor: int
    drivers: tuple[int, int]
    clerk: int  # employed, holds no post
    vehicles: tuple[int, int]
    department: int
    accounts: dict[str, Account]  # principal safety_manager monitor driver clerk


@dataclass(frozen=True)
class Cast:
    a: Company
    b: Company
    authority: int
    other_authority: int
    officer: Account
    stranger_officer: Account
    administrator: Account

    def account(self, member: str) -> Account:
        """principal safety_manager monitor driver clerk, the same with other_, officer, stranger_officer …"""
        if member in ("officer", "stranger_officer", "administrator"):
            account = getattr(self, member)
            assert isinstance(account, Account)
            return account
        if member.startswith("other_"):
            return self.b.accounts[member.removeprefix("other_")]
        return self.a.accounts[member]

    @contextmanager
    def acts(self, member: str, at: datetime = NOW) -> Iterator[Acting]:
        """The scope that a request of this member would have."""
        account = self.account(member)
        actor = queries.actor_for(account, at)
        reads, writes = queries.scope_of(account, at.astimezone(SHANGHAI).date())
        with acting(actor, reads=reads, writes=writes, at=at) as scope:
            yield scope


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """The real hasher verifies these too: argon2 names its cost in the hash."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2PasswordHasher, "time_cost", 1)
        patch.setattr(Argon2PasswordHasher, "memory_cost", 64)
        patch.setattr(Argon2PasswordHasher, "parallelism", 1)
        yield


POSTS = {"principal": "coach.principal", "safety_manager": "coach.safety_manager"}


def build_cast() -> Cast:
    """Needs a database."""
    with acting(SYSTEM, reads=(), at=NOW):
        authority = tenants.register_authority(name="甬城市交通运输局", area="330200")
        other_authority = tenants.register_authority(name="婺城市交通运输局", area="330700")
        ids = [
            tenants.register_company(
                name=name,
                short_name=short,
                trade="coach",
                area="330200",
                employees=60,
                vehicles=40,
                started_on=date(2015, 3, 1),
                judged_from=STARTED,
            )
            for name, short in (("甬城安达客运有限公司", "安达客运"), ("甬城通途客运有限公司", "通途客运"))
        ]
        tenants.place_under(authority_id=authority, company_ids=ids, since=date(2020, 1, 1))
    first = _company(ids[0], "甬", "")
    second = _company(ids[1], "海", "other_")
    with cheap_passwords(), acting(SYSTEM, reads=(), at=NOW):
        officers = [
            people.open_account(username=name, password=PASSWORD, authority_id=key, officer_name=officer)
            for name, key, officer in (("officer", authority, "周监"), ("stranger", other_authority, "吴外"))
        ]
        administrator = people.open_account(username="admin", password=PASSWORD, administrator=True)
    found = Account.objects.in_bulk([*officers, administrator])
    return Cast(
        first,
        second,
        authority,
        other_authority,
        found[officers[0]],
        found[officers[1]],
        found[administrator],
    )


def _company(company_id: int, mark: str, prefix: str) -> Company:
    names = ("principal", "safety_manager", "monitor", "driver", "driver2", "clerk")
    with acting(SYSTEM, reads=(company_id,), at=NOW):
        department = tenants.open_unit(company_id=company_id, kind="department", name="安全部", since=STARTED)
        ids = people.employ(
            company_id=company_id,
            people=[
                NewPerson(f"{surname}{mark}", STARTED, phone=f"1380000{index:04d}", driver=surname in "钱孙")
                for index, surname in enumerate("赵李郑钱孙冯")
            ],
        )
        persons = dict(zip(names, ids, strict=True))
        for name, position in POSTS.items():
            people.assign_post(person_id=persons[name], position=position, since=STARTED)
        # A post that this catalogue does not declare (yet): its holder answers for their own records only.
        Holding.objects.create(
            company_id=company_id, person_id=persons["monitor"], position="coach.dispatcher", since=STARTED
        )
        letter = "A" if prefix == "" else "B"
        vehicles = fleet.enrol_vehicles(
            company_id=company_id,
            vehicles=[NewVehicle(f"浙{letter}1000{n}", STARTED) for n in (1, 2)],
        )
        with cheap_passwords():
            opened = {
                name: people.open_account(
                    username=f"{prefix}{name}", password=PASSWORD, person_id=persons[name]
                )
                for name in ("principal", "safety_manager", "monitor", "driver", "clerk")
            }
    accounts = Account.objects.in_bulk(opened.values())
    return Company(
        id=company_id,
        principal=persons["principal"],
        safety_manager=persons["safety_manager"],
        monitor=persons["monitor"],
        drivers=(persons["driver"], persons["driver2"]),
        clerk=persons["clerk"],
        vehicles=(vehicles[0], vehicles[1]),
        department=department,
        accounts={name: accounts[key] for name, key in opened.items()},
    )


def build_decided() -> Cast:
    """With every duty of both companies decided."""
    cast = build_cast()
    for member, company in (("safety_manager", cast.a), ("other_safety_manager", cast.b)):
        with cast.acts(member):
            deciding.redecide(company_id=company.id)
    return cast


@pytest.fixture
def cast(kept_cast: Kept[Cast], db: None) -> Cast:
    """Inside the transaction of one test."""
    return kept_cast.again()


@pytest.fixture
def committed_cast(kept_cast: Kept[Cast], transactional_db: None) -> Cast:
    """Seen by other connections too; slower."""
    return kept_cast.again()


def meeting(company: Company, **changes: object) -> Draft:
    """A leading-group meeting yesterday, complete, chaired by the principal."""
    values: dict[str, object] = {
        "kind": "meeting.leading-group",
        "title": "安全生产领导小组四季度会议",
        "happened_at": NOW - timedelta(days=1),
        "values": {"topics": "研究冬季行车安全", "place": "三楼会议室"},
        "parts": [
            PartInput(company.principal, "chair"),
            PartInput(company.safety_manager, "recorder"),
            PartInput(company.clerk, "participant", "excused"),
        ],
    }
    return Draft(**(values | changes))  # type: ignore[arg-type] -- a test names any field
