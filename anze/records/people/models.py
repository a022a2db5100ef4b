"""Persons over periods: units, posts, remits, deputies, leave; and their accounts."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from anze.records.acting.constraints import DateRange, SameCompany
from anze.records.acting.models import TenantModel


class Person(TenantModel):
    name = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    driver = models.BooleanField(default=False)
    unit = models.ForeignKey("tenants.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)  # first day no longer employed
    version = models.IntegerField(default=1)  # moves with every edit; who edits an older one is told
    salt = models.CharField(
        max_length=32
    )  # of the digests that the journal keeps of this row; erased with it

    class Meta(TenantModel.Meta):
        db_table = "people_person"
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="person_of_company"),
            SameCompany(field="unit", name="person_unit_same_company"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="person_left_after_joining"
            ),
        ]
        indexes = [models.Index(fields=["company", "pinyin"], name="person_by_pinyin")]


class Holding(TenantModel):
    """A person holds a post over a period. `alone`: this position allows one holder at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    position = models.CharField(max_length=60)
    alone = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True)
    left_open = models.IntegerField(default=0)  # duties that were open when its end was entered

    class Meta(TenantModel.Meta):
        db_table = "people_holding"
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="holding_of_company"),
            SameCompany(field="person", name="holding_person_same_company"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="holding_lasts"),
            ExclusionConstraint(
                name="post_held_once",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("position", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(alone=True),
            ),
            ExclusionConstraint(
                name="post_held_once_by_person",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("position", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Cover(TenantModel):
    """A deputy (AB角) stands in for the holder."""

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="covers")
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    reason = models.CharField(max_length=200)

    class Meta(TenantModel.Meta):
        db_table = "people_cover"
        constraints = [
            SameCompany(field="holding", name="cover_holding_same_company"),
            SameCompany(field="deputy", name="cover_deputy_same_company"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="cover_lasts"),
        ]


class Placement(TenantModel):
    """A person belongs to a unit over a period. `Person.unit` is the newest one."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="placements")
    unit = models.ForeignKey("tenants.Unit", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "people_placement"
        constraints = [
            SameCompany(field="person", name="placement_person_same_company"),
            SameCompany(field="unit", name="placement_unit_same_company"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="placement_lasts"),
            ExclusionConstraint(
                name="person_in_one_unit",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Remit(TenantModel):
    """The holder of a post is responsible for a unit (分管范围). One leader for a unit and day."""

    holding = models.ForeignKey(Holding, on_delete=models.CASCADE, related_name="remits")
    unit = models.ForeignKey("tenants.Unit", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "people_remit"
        constraints = [
            SameCompany(field="holding", name="remit_holding_same_company"),
            SameCompany(field="unit", name="remit_unit_same_company"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="remit_lasts"),
            ExclusionConstraint(
                name="unit_in_one_remit",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Leave(TenantModel):
    """Days on which a person is away: 请假, or 停岗."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=12)  # leave suspension
    since = models.DateField()
    until = models.DateField(null=True)  # the first day back; null: not known yet
    reason = models.CharField(max_length=200)

    class Meta(TenantModel.Meta):
        db_table = "people_leave"
        constraints = [
            SameCompany(field="person", name="leave_person_same_company"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="leave_lasts"),
            ExclusionConstraint(
                name="away_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A way to sign in: as a person of a company, an officer of an authority, or the administrator.

    Read before any scope exists, so it holds little that is personal, and no page lists it unfiltered.
    """

    username = models.CharField(max_length=60, unique=True)
    company = models.ForeignKey("tenants.Company", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey("tenants.Authority", null=True, on_delete=models.PROTECT, related_name="+")
    officer_name = models.CharField(max_length=40, blank=True)
    administrator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    second_factor_since = models.DateTimeField(null=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"

    class Meta:
        db_table = "people_account"
        constraints = [
            SameCompany(field="person", name="account_person_same_company"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, company__isnull=False, authority=None, administrator=False)
                | Q(person=None, company=None, authority__isnull=False, administrator=False)
                | Q(person=None, company=None, authority=None, administrator=True),
                name="account_is_of_one_kind",
            ),
        ]

    def get_session_auth_hash(self) -> str:
        """Every session holds it. Switching the second factor on, off or resetting it ends the others."""
        return self._with_second_factor(super().get_session_auth_hash(), settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        older = super().get_session_auth_fallback_hash()
        for of_password, secret in zip(older, settings.SECRET_KEY_FALLBACKS, strict=True):
            yield self._with_second_factor(of_password, secret)

    def _with_second_factor(self, of_password: str, secret: str | bytes) -> str:
        if self.second_factor_since is None:
            return of_password
        content = f"{of_password} {self.second_factor_since.timestamp()}"
        return salted_hmac("anze.second_factor", content, secret=secret, algorithm="sha256").hexdigest()


class Token(models.Model):
    """A key with which a program acts as an account. Only the secret's digest is kept.

    Read before any scope exists, like the account that it belongs to.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_on = models.DateField()  # the first day on which it is no longer taken
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_token"


class RecoveryCode(models.Model):
    """Opens the second step of signing in once, when the telephone is lost. Only the digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_recovery_code"


class Submission(models.Model):
    """A form that has acted, by its digest. Of nobody: it holds neither what was typed nor who sent it."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)
    led_to = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "people_submission"
