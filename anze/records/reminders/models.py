"""Ladders and channels of companies, contact data of people, the outbox, what was sent, one-use links."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class Ladder(TenantModel):
    """`since`: switched on at this instant; None: off. What follows `steps` is the planner's own note."""

    since = models.DateTimeField(null=True)
    hour = models.PositiveSmallIntegerField()
    steps = models.JSONField()  # [[days, receiver, [channel, ...]], ...]
    folded = models.BooleanField(default=False)  # what was missed before `since` has been counted
    next_at = models.DateTimeField(null=True)  # when something can become due without new facts
    chain = models.BigIntegerField(default=0)  # how long the company's journal was when last planned

    class Meta(TenantModel.Meta):
        db_table = "reminders_ladder"
        constraints = [models.UniqueConstraint(fields=["company"], name="ladder_of_company")]


class Robot(TenantModel):
    """A group's robot: a webhook whose address is itself a secret."""

    channel = models.CharField(max_length=10)  # wecom, dingtalk
    address = models.CharField(max_length=500)
    secret = models.CharField(max_length=200, blank=True)  # DingTalk's, to sign with
    mention = models.BooleanField(default=False)  # names the receiver by phone number

    class Meta(TenantModel.Meta):
        db_table = "reminders_robot"
        constraints = [models.UniqueConstraint(fields=["company", "channel"], name="robot_once")]


class SuperiorChoice(TenantModel):
    """Whom the company puts above a post instead of the catalogue's convention; empty: nobody."""

    position = models.CharField(max_length=60)
    superior = models.CharField(max_length=60, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "reminders_superior"
        constraints = [models.UniqueConstraint(fields=["company", "position"], name="superior_once")]


class Contact(TenantModel):
    """How a person wants to be reached; the phone number stands with the person."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    email = models.CharField(max_length=254, blank=True)
    by_mail = models.BooleanField(default=True)
    by_sms = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        db_table = "reminders_contact"
        constraints = [SameCompany(field="person", name="contact_person_same_company")]


class Message(TenantModel):
    """The outbox: written with the decision to send, delivered at least once.

    A row ends as delivered or given up; until then `next_at` says when it is tried again.
    """

    mark = models.UUIDField(default=uuid.uuid4, unique=True)  # lets a receiver drop doubles
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    lines = models.JSONField()  # [[obligation id or null, sentence], ...]
    confirms = models.BigIntegerField(null=True)  # the record that its receiver is asked to confirm
    test = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "reminders_message"
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="message_of_company"),
            SameCompany(field="person", name="message_person_same_company"),
            models.CheckConstraint(
                condition=Q(delivered_at=None, given_up_at=None, next_at__isnull=False)
                | Q(delivered_at__isnull=False, given_up_at=None, next_at=None)
                | Q(delivered_at=None, given_up_at__isnull=False, next_at=None),
                name="message_waits_or_has_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="message_waiting"),
            models.Index(fields=["company", "-made_at"], name="message_by_day"),
        ]


class Sent(TenantModel):
    """A step of the ladder that spoke of an obligation to a person: once, for ever."""

    obligation = models.BigIntegerField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    days = models.SmallIntegerField()
    receiver = models.CharField(max_length=10)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "reminders_sent"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "obligation", "person", "days"], name="step_sent_once"
            ),
            SameCompany(field="person", name="sent_person_same_company"),
            SameCompany(field="message", name="sent_message_same_company"),
        ]


class Link(models.Model):
    """Opens the page of one obligation, or of one record to be confirmed, for one account.

    Read before any scope exists, like the account that it belongs to; it holds nothing personal.
    """

    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")
    obligation = models.BigIntegerField(null=True)
    confirms = models.BigIntegerField(null=True)  # the record that the account's person is to confirm
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=64, blank=True)  # digest of the key given to that device
    record = models.BigIntegerField(null=True)  # the draft begun through it

    class Meta:
        db_table = "reminders_link"
        constraints = [
            models.CheckConstraint(
                condition=Q(obligation__isnull=False, confirms=None)
                | Q(obligation=None, confirms__isnull=False),
                name="link_opens_one_page",
            )
        ]
