"""The second factor of an account: an authenticator (TOTP, RFC 6238) and recovery codes for its loss.

Asked for at sign-in, before any scope exists. A device is looked up by its account alone: its id is in no
address and no form. Wrong codes are counted in the same transaction, so whoever asks must not roll it back.
"""

from __future__ import annotations

import hashlib
import math
import re
import secrets
import unicodedata
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from anze.records.acting.context import SHANGHAI, acting, current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may, require
from anze.records.people.accounts import note_account
from anze.records.people.models import Account, RecoveryCode
from anze.records.people.queries import actor_for, scope_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

DEVICE_NAME = "验证器"
TOTP_CODE = re.compile(r"[0-9]{6}")
RECOVERY_CODE = re.compile(r"[A-Z2-7]{16}")
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 random bits, sixteen letters: a plain digest of them cannot be guessed back
LOOK_ALIKES = str.maketrans("018", "OIB", " -")  # digits that no recovery code holds


class WrongCode(Refused):
    """Not the code of this moment, already used, or no recovery code that is left."""

    counted = True

    def __init__(self, text: str = "") -> None:
        super().__init__(text or "验证码不正确、已过期或已使用过。请等验证器显示下一个验证码后再输入。")


class NotACode(WrongCode):
    """Neither six digits nor sixteen letters: a slip of the hand, not a guess."""

    counted = False

    def __init__(self) -> None:
        super().__init__("验证码为 6 位数字，恢复码为 16 位字母和数字，请检查后重新输入。")


class MustWait(WrongCode):
    """Too many wrong codes in a row: each doubles the wait."""

    counted = False

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, math.ceil(wait.total_seconds()))
        said = f"{seconds} 秒" if seconds < 100 else f"{math.ceil(seconds / 60)} 分钟"
        super().__init__(f"连续输错，请在 {said}后再试。")


class FactorNotReady(Refused):
    """Switched on already, or not begun: the page is out of date."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an authenticator has to be told."""

    secret: str  # in groups of four, for typing
    uri: str  # otpauth://, for the QR code


@dataclass(frozen=True, slots=True)
class FactorRow:
    since: datetime | None  # None: off
    codes_left: int
    required: bool


def has_second_factor(account: AbstractBaseUser) -> bool:
    assert isinstance(account, Account)
    return account.second_factor_since is not None


def must_have_second_factor(account: AbstractBaseUser) -> bool:
    """Officers and the administrator, where the installation asks for it."""
    assert isinstance(account, Account)
    return bool(settings.SECOND_FACTOR_REQUIRED) and (
        account.administrator or account.authority_id is not None
    )


def second_factor() -> FactorRow:
    """Of the acting account."""
    account = Account.objects.get(pk=current().actor.account or 0)
    left = RecoveryCode.objects.filter(account=account, used_at=None).count()
    return FactorRow(account.second_factor_since, left, must_have_second_factor(account))


def set_up() -> SetUp | None:
    """Of the acting account, while begun and not confirmed."""
    devices = TOTPDevice.objects.select_related("user")
    device = devices.filter(user=current().actor.account, confirmed=False).first()
    if device is None:
        return None
    secret = b32encode(device.bin_key).decode()
    groups = (secret[start : start + 4] for start in range(0, len(secret), 4))
    return SetUp(" ".join(groups), device.config_url)


def begin_second_factor() -> None:
    """A new secret for the acting account; nothing is asked for until it is confirmed."""
    account = _own_account()
    if has_second_factor(account):
        raise FactorNotReady("两步验证已经开启。")
    TOTPDevice.objects.filter(user=account.pk).delete()
    TOTPDevice.objects.create(user_id=account.pk, name=DEVICE_NAME, confirmed=False)


def confirm_second_factor(*, code: str) -> tuple[str, ...]:
    """Switch on, and answer with the recovery codes. Raises WrongCode."""
    account = _own_account()
    device = TOTPDevice.objects.select_for_update().filter(user=account.pk, confirmed=False).first()
    if device is None:
        raise FactorNotReady("请先开始设置两步验证。")
    if refusal := _totp_refusal(device, _tidy(code)):
        raise refusal
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    account.second_factor_since = current().at
    account.save(update_fields=["second_factor_since"])
    codes = _new_codes(account)
    note_account("people.switch_on_second_factor", account)
    return codes


def renew_recovery_codes(*, code: str) -> tuple[str, ...]:
    """Ten new ones; the old ones are no longer taken. Raises WrongCode."""
    account = _own_account()
    if refusal := _refusal(account, code):
        raise refusal
    codes = _new_codes(account)
    note_account("people.renew_recovery_codes", account)
    return codes


def switch_off_second_factor(*, code: str) -> None:
    """Of the acting account. Raises WrongCode."""
    account = _own_account()
    if refusal := _refusal(account, code):
        raise refusal
    _drop(account)
    note_account("people.switch_off_second_factor", account)


def reset_second_factor(*, account_id: int) -> None:
    """For somebody who lost both telephone and recovery codes. Resetting twice changes nothing."""
    scope = current()
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None or (account.company_id not in scope.writes and not may(scope.actor, "register")):
        raise NotFound("没有这个账号。")
    require("manage_people")
    if account.pk == scope.actor.account:
        raise NotPermitted("不能重置自己的两步验证。")
    if has_second_factor(account):
        _drop(account)
        note_account("people.reset_second_factor", account)


def pass_second_factor(account: AbstractBaseUser, code: str, at: datetime) -> None:
    """The second step of signing in. Raises WrongCode, after the count of wrong codes is kept."""
    assert isinstance(account, Account)
    reads, writes = scope_of(account, at.astimezone(SHANGHAI).date())
    with acting(actor_for(account, at), reads=reads, writes=writes, at=at):
        refusal = _refusal(account, code)
    if refusal is not None:
        raise refusal


def _own_account() -> Account:
    return Account.objects.select_for_update().get(pk=current().actor.account or 0)


def _refusal(account: Account, code: str) -> WrongCode | None:
    """None: the code was right, and is used up. An exception would take the count back with it."""
    device = TOTPDevice.objects.select_for_update().filter(user=account.pk, confirmed=True).first()
    if device is None:
        return WrongCode()
    typed = _tidy(code)
    if TOTP_CODE.fullmatch(typed):
        return _totp_refusal(device, typed)
    if not RECOVERY_CODE.fullmatch(typed):
        return NotACode()
    if wait := _wait(device):
        return wait
    if _use_recovery_code(account, typed):
        device.throttle_reset()
        return None
    device.throttle_increment()
    return WrongCode("恢复码不正确，或已使用过。")


def _totp_refusal(device: TOTPDevice, typed: str) -> WrongCode | None:
    if not TOTP_CODE.fullmatch(typed):
        return NotACode()
    if wait := _wait(device):
        return wait
    return None if device.verify_token(typed) else WrongCode()


def _wait(device: TOTPDevice) -> MustWait | None:
    allowed, why = device.verify_is_allowed()
    return None if allowed else MustWait(why["locked_until"] - current().at)


def _use_recovery_code(account: Account, typed: str) -> bool:
    unused = RecoveryCode.objects.filter(account=account, digest=_digest(typed), used_at=None)
    if not unused.update(used_at=current().at):
        return False
    note_account("people.use_recovery_code", account)
    return True


def _new_codes(account: Account) -> tuple[str, ...]:
    codes = [b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(code)) for code in codes)
    return tuple("-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes)


def _drop(account: Account) -> None:
    TOTPDevice.objects.filter(user=account.pk).delete()
    RecoveryCode.objects.filter(account=account).delete()
    account.second_factor_since = None
    account.save(update_fields=["second_factor_since"])


def _tidy(code: str) -> str:
    """１２３ ４５６ and 123 456 are the same code; so are abcd-efgh and ABCDEFGH."""
    plain = "".join(unicodedata.normalize("NFKC", code).split()).replace("-", "")
    return plain if TOTP_CODE.fullmatch(plain) else plain.upper().translate(LOOK_ALIKES)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
