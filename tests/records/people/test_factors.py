"""The second factor: switched on, asked for, used up, renewed, reset."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.test import override_settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.journal.models import Entry
from anze.records.people import factors, queries
from anze.records.people.factors import FactorNotReady, MustWait, NotACode, WrongCode
from anze.records.people.models import Account, RecoveryCode
from tests.authenticator import STEP, equip, shown, wrong
from tests.cast import NOW, PASSWORD, Cast

MEMBER = "safety_manager"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def passes(cast: Cast, code: str, member: str = MEMBER) -> bool:
    try:
        factors.pass_second_factor(cast.account(member), code, LATER)
    except WrongCode:
        return False
    return True


def actions_of(cast: Cast, member: str) -> list[str]:
    with cast.acts(member) as scope:
        owner = {"company": scope.actor.company, "authority": scope.actor.authority}
        found = Entry.objects.filter(**owner, account=scope.actor.account).order_by("number")
        return [entry.action for entry in found]


def test_a_code_opens_once(cast: Cast) -> None:
    equip(cast, MEMBER)
    code = shown(cast, MEMBER, LATER)
    assert passes(cast, f" {code[:3]} {code[3:]} ")
    with time_machine.travel(LATER + timedelta(seconds=2), tick=False):
        assert not passes(cast, code)


def test_the_code_that_confirmed_is_used_up(cast: Cast) -> None:
    equip(cast, MEMBER, LATER)
    assert not passes(cast, shown(cast, MEMBER, LATER))


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(cast: Cast, steps: int, taken: bool) -> None:
    equip(cast, MEMBER)
    assert passes(cast, shown(cast, MEMBER, LATER, steps=steps)) is taken


def test_a_clock_that_is_off_is_followed(cast: Cast) -> None:
    equip(cast, MEMBER)
    assert passes(cast, shown(cast, MEMBER, LATER, steps=1))
    with time_machine.travel(LATER + timedelta(seconds=STEP * 4), tick=False):
        assert passes(cast, shown(cast, MEMBER, LATER, steps=6))


def test_wrong_codes_make_wait_longer_and_a_right_one_waits_too(cast: Cast) -> None:
    equip(cast, MEMBER)
    for number in range(4):
        moment = LATER + timedelta(seconds=60 * number)
        with time_machine.travel(moment, tick=False), pytest.raises(WrongCode):
            factors.pass_second_factor(cast.account(MEMBER), wrong(cast, MEMBER, moment), moment)
    with time_machine.travel(moment, tick=False), pytest.raises(MustWait, match="8 秒"):
        factors.pass_second_factor(cast.account(MEMBER), shown(cast, MEMBER, moment), moment)
    assert TOTPDevice.objects.get().throttling_failure_count == 4
    after = moment + timedelta(seconds=9)
    with time_machine.travel(after, tick=False):
        factors.pass_second_factor(cast.account(MEMBER), shown(cast, MEMBER, after), after)
    assert TOTPDevice.objects.get().throttling_failure_count == 0


def test_a_recovery_code_opens_once_and_is_kept_as_a_digest(cast: Cast) -> None:
    codes = equip(cast, MEMBER)
    assert len(set(codes)) == 10
    assert not any(code.replace("-", "") in str(list(RecoveryCode.objects.values())) for code in codes)
    digest = sha256(codes[0].replace("-", "").encode()).hexdigest()
    assert RecoveryCode.objects.filter(digest=digest, used_at=None).exists()
    assert passes(cast, codes[0].lower().replace("-", " "))
    assert not passes(cast, codes[0])
    assert actions_of(cast, MEMBER)[-1] == "people.use_recovery_code"
    with time_machine.travel(LATER + timedelta(seconds=2), tick=False):
        assert passes(cast, codes[1])


def test_wrong_recovery_codes_are_slowed_down_with_the_others(cast: Cast) -> None:
    codes = equip(cast, MEMBER)
    assert not passes(cast, "AAAA-AAAA-AAAA-AAAA")
    with pytest.raises(MustWait):
        factors.pass_second_factor(cast.account(MEMBER), codes[0], LATER)
    assert RecoveryCode.objects.filter(used_at=None).count() == 10


def test_anothers_device_and_codes_open_nothing(cast: Cast) -> None:
    codes = equip(cast, MEMBER)
    equip(cast, "other_principal")
    assert not passes(cast, codes[0], "other_principal")
    with time_machine.travel(LATER + timedelta(seconds=2), tick=False):
        assert not passes(cast, shown(cast, MEMBER, LATER), "other_principal")
    assert not passes(cast, shown(cast, MEMBER, LATER), "principal")  # has none
    assert RecoveryCode.objects.filter(account=cast.account(MEMBER), used_at=None).count() == 10


def test_it_is_switched_off_with_a_code_only(cast: Cast) -> None:
    equip(cast, MEMBER)
    with cast.acts(MEMBER, LATER):
        with pytest.raises(WrongCode):
            factors.switch_off_second_factor(code=wrong(cast, MEMBER, LATER))
        assert factors.second_factor().since == NOW
    after = LATER + timedelta(seconds=2)
    with time_machine.travel(after, tick=False), cast.acts(MEMBER, after):
        factors.switch_off_second_factor(code=shown(cast, MEMBER, after))
        assert factors.second_factor() == factors.FactorRow(None, 0, required=False)
    assert not TOTPDevice.objects.exists()


def test_new_recovery_codes_void_the_old_ones(cast: Cast) -> None:
    old = equip(cast, MEMBER)
    with cast.acts(MEMBER, LATER), pytest.raises(NotACode):
        factors.renew_recovery_codes(code="123")
    with cast.acts(MEMBER, LATER):
        new = factors.renew_recovery_codes(code=shown(cast, MEMBER, LATER))
    assert not set(old) & set(new)
    assert not passes(cast, old[0])
    with time_machine.travel(LATER + timedelta(seconds=2), tick=False):
        assert passes(cast, new[0])


def test_a_page_out_of_date_is_told(cast: Cast) -> None:
    with cast.acts(MEMBER), pytest.raises(FactorNotReady, match="先开始"):
        factors.confirm_second_factor(code="000000")
    equip(cast, MEMBER)
    with cast.acts(MEMBER), pytest.raises(FactorNotReady, match="已经开启"):
        factors.begin_second_factor()
    assert TOTPDevice.objects.filter(confirmed=True).count() == 1
    with cast.acts("principal"), pytest.raises(WrongCode):
        factors.switch_off_second_factor(code="000000")
    with cast.acts("principal"):
        factors.begin_second_factor()
    with cast.acts("principal"), pytest.raises(NotACode):
        factors.confirm_second_factor(code="AAAA-AAAA-AAAA-AAAA")


def test_a_new_password_keeps_the_second_factor_and_either_change_ends_sessions(cast: Cast) -> None:
    account = cast.account(MEMBER)
    before = account.get_session_auth_hash()
    equip(cast, MEMBER)
    equipped = account.get_session_auth_hash()
    account.set_password(PASSWORD)
    account.save(update_fields=["password"])
    account.refresh_from_db()
    assert factors.has_second_factor(account)
    assert len({before, equipped, account.get_session_auth_hash()}) == 3


def test_a_session_outlives_a_change_of_the_secret_key(cast: Cast) -> None:
    equip(cast, MEMBER)
    account = cast.account(MEMBER)
    with override_settings(SECRET_KEY="older"):
        older = account.get_session_auth_hash()
    with override_settings(SECRET_KEY="newer", SECRET_KEY_FALLBACKS=["oldest", "older"]):
        assert older in list(account.get_session_auth_fallback_hash())


def test_the_manager_resets_it_and_the_journal_says_so(cast: Cast) -> None:
    equip(cast, "driver")
    account = cast.account("driver")
    before = account.get_session_auth_hash()
    with cast.acts("principal"):
        for _ in range(2):
            factors.reset_second_factor(account_id=account.pk)
    account.refresh_from_db()
    assert account.second_factor_since is None
    assert account.get_session_auth_hash() != before
    assert not TOTPDevice.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert actions_of(cast, "principal").count("people.reset_second_factor") == 1


def test_who_may_not_reset(cast: Cast) -> None:
    equip(cast, "principal")
    key = cast.account("principal").pk
    with cast.acts("principal"), pytest.raises(NotPermitted, match="自己"):
        factors.reset_second_factor(account_id=key)
    with cast.acts("driver"), pytest.raises(NotPermitted):
        factors.reset_second_factor(account_id=key)
    for member in ("other_principal", "officer"):
        with cast.acts(member), pytest.raises(NotFound):
            factors.reset_second_factor(account_id=key)
    assert Account.objects.get(pk=key).second_factor_since == NOW


def test_acts_are_on_the_chain_without_secrets(cast: Cast) -> None:
    codes = equip(cast, MEMBER)
    equip(cast, "officer")
    key = TOTPDevice.objects.get(user=cast.account(MEMBER).pk).key
    with cast.acts(MEMBER, LATER):
        factors.renew_recovery_codes(code=shown(cast, MEMBER, LATER))
    with cast.acts(MEMBER, LATER):
        kept = str(list(Entry.objects.filter(company=cast.a.id).values()))
    assert actions_of(cast, MEMBER)[-2:] == [
        "people.switch_on_second_factor",
        "people.renew_recovery_codes",
    ]
    assert actions_of(cast, "officer") == ["people.switch_on_second_factor"]
    assert not any(secret in kept for secret in (key, codes[0], sha256(codes[0].encode()).hexdigest()))


@pytest.mark.parametrize(
    ("member", "asked"), [("officer", True), ("administrator", True), ("principal", False), ("driver", False)]
)
def test_of_whom_an_installation_may_ask_it(cast: Cast, member: str, asked: bool) -> None:
    assert not factors.must_have_second_factor(cast.account(member))
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        assert factors.must_have_second_factor(cast.account(member)) is asked


def test_an_account_is_found_by_name_at_the_server_alone(cast: Cast) -> None:
    with acting(SYSTEM, reads=(), at=NOW):
        assert queries.account_named(" driver ") == (cast.account("driver").pk, cast.a.id)
        with pytest.raises(NotFound, match="没有登录名"):
            queries.account_named("nobody")
    with cast.acts("principal"), pytest.raises(NotPermitted):
        queries.account_named("driver")
