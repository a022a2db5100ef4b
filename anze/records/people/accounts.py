"""Accounts: opened for people, officers and the administrator; passwords; closing."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from anze.records.acting.context import acting, current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may, require
from anze.records.journal.actions import append, digest_of
from anze.records.people.models import Account, Person
from anze.records.tenants.models import Authority


class InvalidAccount(Refused):
    """`errors`: "username" or "password" -> what is wrong."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("".join(errors.values()))


def open_account(
    *,
    username: str,
    password: str,
    person_id: int | None = None,
    authority_id: int | None = None,
    officer_name: str = "",
    administrator: bool = False,
) -> int:
    """Of a person in scope, an authority's officer, or the administrator. Raises InvalidAccount."""
    if [person_id is not None, authority_id is not None, administrator].count(True) != 1:
        raise ValueError("an account is of a person, of an authority or the administrator's")
    account = Account(
        username=username.strip(), officer_name=officer_name.strip(), administrator=administrator
    )
    if person_id is not None:
        require("manage_people")
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            raise NotFound("没有这个人员。")
        if Account.objects.filter(person=person_id).exists():
            raise InvalidAccount({"username": f"{person.name} 已有账号。"})
        account.company_id, account.person = person.company_id, person
    else:
        require("register")
    if authority_id is not None:
        _check_officer(authority_id, account.officer_name)
        account.authority_id = authority_id
    _check_credentials(account, password)
    account.set_password(password)
    _insert_account(account)
    note_account("people.open_account", account)
    return account.pk


def change_password(*, old: str, new: str) -> None:
    """Of the acting account. Raises InvalidAccount."""
    account = Account.objects.filter(pk=current().actor.account or 0).first()
    if account is None or not account.check_password(old):
        raise InvalidAccount({"old": "原密码不正确。"})
    _check_credentials(account, new)
    account.set_password(new)
    account.save(update_fields=["password"])
    note_account("people.change_password", account)


def reset_password(*, account_id: int, password: str) -> None:
    """Of a person's account, which is open again thereafter. Raises InvalidAccount."""
    require("manage_people")
    account = Account.objects.filter(pk=account_id).first()
    if account is None or account.company_id not in current().writes:
        raise NotFound("没有这个账号。")
    if account.pk == current().actor.account:
        raise NotPermitted("自己的密码请在“账号安全”中更改。")
    _check_credentials(account, password)
    account.set_password(password)
    account.is_active = True
    account.save(update_fields=["password", "is_active"])
    note_account("people.reset_password", account)


def close_account(*, account_id: int) -> None:
    """No longer signs in; the row stays, because records name it."""
    account = Account.objects.filter(pk=account_id).first()
    scope = current()
    if account is None or (account.company_id not in scope.writes and not may(scope.actor, "register")):
        raise NotFound("没有这个账号。")
    require("manage_people")
    if account.pk == scope.actor.account:
        raise NotPermitted("不能停用自己的账号。")
    account.is_active = False
    account.save(update_fields=["is_active"])
    note_account("people.close_account", account)


def _check_officer(authority_id: int, officer_name: str) -> None:
    if not Authority.objects.filter(pk=authority_id).exists():
        raise NotFound("没有这个管理部门。")
    if not officer_name:
        raise InvalidAccount({"officer_name": "请填写人员姓名。"})


def _check_credentials(account: Account, password: str) -> None:
    errors = {}
    if not account.username or len(account.username) > 60 or not account.username.isprintable():
        errors["username"] = "请填写登录名（不超过 60 字）。"
    try:
        validate_password(password, account)
    except ValidationError as problem:
        errors["password"] = "".join(problem.messages)
    if errors:
        raise InvalidAccount(errors)


def _insert_account(account: Account) -> None:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise InvalidAccount({"username": f"登录名“{account.username}”已被使用。"}) from None


def note_account(action: str, account: Account) -> None:
    """The administrator belongs to no chain."""
    row = ("people.account", account.pk, digest_of([account.pk, account.person_id, account.authority_id]))
    if account.company_id is not None:
        append(action=action, rows=[row], company_id=account.company_id)
    elif account.authority_id is not None:
        scope = current()
        with acting(scope.actor, reads=(), at=scope.at, authority=account.authority_id):
            append(action=action, rows=[row], authority_id=account.authority_id)
