"""Records of what was done: draft, sealed, void. A sealed record never changes; a revision supersedes it.

Three times are kept apart: `happened_at`, `captured_at` (typed in), `received_at` (sealed).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class Record(TenantModel):
    class Status(models.TextChoices):
        DRAFT = "draft"
        SEALED = "sealed"
        VOID = "void"
        SUPERSEDED = "superseded"

    kind = models.CharField(max_length=60)  # evidence kind id
    edition = models.CharField(max_length=12)  # of the kind's declaration, when the draft was made
    status = models.CharField(max_length=12, default=Status.DRAFT)
    number = models.CharField(max_length=30, null=True)  # given at sealing, never reused
    title = models.CharField(max_length=120)
    happened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    captured_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    values = models.JSONField(default=dict)  # field id -> value as text, checked against the kind
    said = models.GeneratedField(  # the values alone, as searches look at them; the keys are no text
        expression=models.Func(
            "values",
            function="jsonb_path_query_array",
            template="%(function)s(%(expressions)s, '$.*')::text",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    valid_until = models.DateField(null=True)  # exclusive: the day after the printed last day
    about = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answers")
    makes_up = models.DateField(null=True)
    attests = models.CharField(max_length=80, null=True)
    catches_up = models.ForeignKey(  # the session whose absent people it is held for
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )
    revises = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="revision")
    author = models.BigIntegerField(null=True)  # account id
    sealed_by = models.BigIntegerField(null=True)
    sealed_by_name = models.CharField(max_length=40, blank=True)
    paper = models.CharField(max_length=24, null=True)  # the printed form that it was filled in on
    salt = models.CharField(max_length=32)  # part of every digest of this row; erased with it
    digest = models.CharField(max_length=64, blank=True)  # of the sealed content, attachments included
    void_reason = models.TextField(blank=True)
    voided_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "evidence_record"
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="record_number_once"),
            models.UniqueConstraint(fields=["company", "id"], name="record_of_company"),
            models.UniqueConstraint(fields=["company", "paper"], name="record_of_one_paper"),
            SameCompany(field="about", name="record_about_same_company"),
            SameCompany(field="revises", name="record_revises_same_company"),
            SameCompany(field="catches_up", name="record_catches_up_same_company"),
            models.CheckConstraint(
                condition=Q(status="draft", number=None) | (~Q(status="draft") & Q(number__isnull=False)),
                name="sealed_records_have_numbers",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-happened_at"], name="record_by_day"),
            models.Index(fields=["company", "kind", "happened_at"], name="record_by_kind"),
        ]


class Participation(TenantModel):
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="participations")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    attendance = models.CharField(max_length=10, default="attended")
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    score = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    result = models.CharField(max_length=8, blank=True, default="", db_default="")  # passed, failed
    signed_at = models.DateTimeField(null=True)  # the person wrote their name at the session
    signed_by = models.CharField(max_length=12, blank=True, default="", db_default="")  # account, telephone
    signature = models.CharField(max_length=64, blank=True, default="", db_default="")  # sha256 of the file
    device = models.CharField(max_length=64, blank=True, default="", db_default="")  # digest, of the draft

    class Meta(TenantModel.Meta):
        db_table = "evidence_participation"
        constraints = [
            models.UniqueConstraint(fields=["record", "person", "role"], name="part_once"),
            SameCompany(field="record", name="part_record_same_company"),
            SameCompany(field="person", name="part_person_same_company"),
        ]
        indexes = [models.Index(fields=["company", "person"], name="part_of_person")]


class RecordSubject(TenantModel):
    """A vehicle or department that the record covers."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="subjects")
    subject_type = models.CharField(max_length=20)
    subject = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        db_table = "evidence_subject"
        constraints = [
            models.UniqueConstraint(fields=["record", "subject_type", "subject"], name="subject_once"),
            SameCompany(field="record", name="subject_record_same_company"),
        ]
        indexes = [models.Index(fields=["company", "subject_type", "subject"], name="subject_by_subject")]


class Attachment(TenantModel):
    """A file stored by its SHA-256; written and fsynced before this row names it."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="attachments")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    received_at = models.DateTimeField()
    purpose = models.CharField(
        max_length=12, blank=True, default="", db_default=""
    )  # signature; else a paper

    class Meta(TenantModel.Meta):
        db_table = "evidence_attachment"
        constraints = [
            models.UniqueConstraint(fields=["record", "sha256"], name="attachment_once"),
            SameCompany(field="record", name="attachment_record_same_company"),
        ]


class StampedCopy(TenantModel):
    """A scan of a printed record, signed and stamped: of exactly the version it was printed from."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=64)  # digest of the sealed record
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    received_at = models.DateTimeField()
    account = models.BigIntegerField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "evidence_stamped_copy"
        constraints = [
            models.UniqueConstraint(fields=["record", "sha256"], name="stamped_copy_once"),
            SameCompany(field="record", name="stamped_copy_record_same_company"),
        ]


class RollCall(TenantModel):
    """The roll of a draft is called: people sign while it is open. `misses`: names that nobody has."""

    record = models.OneToOneField(Record, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    misses = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "evidence_roll_call"
        constraints = [SameCompany(field="record", name="roll_call_record_same_company")]


class Serial(TenantModel):
    """The last number given, by kind prefix and year."""

    prefix = models.CharField(max_length=8)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "evidence_serial"
        constraints = [models.UniqueConstraint(fields=["company", "prefix", "year"], name="serial_once")]


class Item(TenantModel):
    """A row of a sealed record that must be followed up, as it stands now; made anew from the records."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="items")
    origin = models.BigIntegerField()  # the first of the revisions of the record
    kind = models.CharField(max_length=60)
    field = models.CharField(max_length=40)
    key = models.CharField(max_length=8)
    place = models.IntegerField()  # within its field
    what = models.TextField()
    who = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)  # as written
    first_due = models.DateField(null=True)  # last day, as the record says
    due = models.DateField(null=True)  # last day, as it was put off
    state = models.CharField(
        max_length=10, default="open"
    )  # open done cancelled; overdue is open past its day
    since = models.DateTimeField()
    settled_by = models.ForeignKey(Record, null=True, on_delete=models.CASCADE, related_name="+")
    remark = models.TextField(blank=True)  # of the last settlement
    postponed = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "evidence_item"
        constraints = [
            models.UniqueConstraint(fields=["company", "origin", "field", "key"], name="item_once"),
            SameCompany(field="record", name="item_record_same_company"),
            SameCompany(field="who", name="item_person_same_company"),
            SameCompany(field="settled_by", name="item_settler_same_company"),
        ]
        indexes = [
            models.Index(fields=["company", "state", "due"], name="item_by_state"),
            models.Index(fields=["company", "who"], name="item_of_person"),
        ]


class Settlement(TenantModel):
    """What a sealed record says of an item; it counts while that record stands."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="settlements")
    origin = models.BigIntegerField()  # of the item
    field = models.CharField(max_length=40)
    key = models.CharField(max_length=8)
    result = models.CharField(max_length=10)
    remark = models.TextField(blank=True)
    due = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "evidence_settlement"
        constraints = [
            models.UniqueConstraint(fields=["record", "origin", "field", "key"], name="settlement_once"),
            SameCompany(field="record", name="settlement_record_same_company"),
        ]
        indexes = [models.Index(fields=["company", "origin"], name="settlement_of_item")]


class Newest(TenantModel):
    """The newest sealed record of a kind about a person or vehicle, for each value of a choice; made anew.

    `vehicle_class` to `next`: what it says of a vehicle, of the kinds that tell its tests and maintenance.
    """

    kind = models.CharField(max_length=60)
    field = models.CharField(max_length=40, blank=True)  # the choice that tells papers of a kind apart
    choice = models.CharField(max_length=200, blank=True)  # its value
    subject_type = models.CharField(max_length=20)  # person vehicle
    subject = models.BigIntegerField()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    happened_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    vehicle_class = models.CharField(max_length=200, null=True)
    registered = models.DateField(null=True)
    mileage = models.BigIntegerField(null=True)
    next = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "evidence_newest"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "field", "choice", "subject_type", "subject"], name="newest_once"
            ),
            SameCompany(field="record", name="newest_record_same_company"),
        ]


class NewestKept(TenantModel):
    """Of which kinds, by which choice, the newest records of a company are kept, without a gap."""

    kind = models.CharField(max_length=60)
    field = models.CharField(max_length=40, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "evidence_newest_kept"
        constraints = [models.UniqueConstraint(fields=["company", "kind", "field"], name="newest_kept_once")]
