"""Assessments (考评): the plan, what facts and persons answered, samples, and the conclusion.

What facts said is frozen at the start; an answer that is replaced stays, marked with when. What was submitted
changes no more unless it is sent back; what was concluded never.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class Assessment(TenantModel):
    class Status(models.TextChoices):
        PLANNED = "planned"
        RUNNING = "running"
        SUBMITTED = "submitted"  # with the second assessor
        REVIEWED = "reviewed"
        CONCLUDED = "concluded"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=10)  # self other
    body = models.CharField(max_length=60, blank=True)  # who assesses, where it is not the company
    title = models.CharField(max_length=60)
    scheme = models.CharField(max_length=40)
    edition = models.CharField(max_length=12)  # of the scheme
    regime = models.CharField(max_length=12)  # edition of the grades
    target = models.CharField(max_length=10)  # grade
    since = models.DateField()
    until = models.DateField()  # exclusive
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    lead = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    books_on = models.DateField(null=True)  # the day at whose end the facts were taken
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=40, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    review_remark = models.CharField(max_length=500, blank=True)
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.CharField(max_length=40, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    sent_back_reason = models.CharField(max_length=200, blank=True)
    conclusion = models.JSONField(null=True)  # scores, grades with reasons, categories: as concluded
    salt = models.CharField(max_length=32)  # of the digests that its acts leave in the journal

    class Meta(TenantModel.Meta):
        db_table = "assessments_assessment"
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="assessment_of_company"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="assessment_lasts"),
            models.CheckConstraint(condition=~Q(lead=F("reviewer")), name="assessment_second_assessor"),
            models.CheckConstraint(
                condition=Q(status="concluded", conclusion__isnull=False)
                | (~Q(status="concluded") & Q(conclusion=None)),
                name="assessment_concluded_whole",
            ),
            SameCompany(field="lead", name="assessment_lead_same_company"),
            SameCompany(field="reviewer", name="assessment_reviewer_same_company"),
        ]
        indexes = [models.Index(fields=["company", "-until"], name="assessment_by_period")]


class Part(TenantModel):
    """Of an assessment."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        abstract = True


class Member(Part):
    """Who assesses, the lead among them; the reviewer is not one."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta(Part.Meta):
        db_table = "assessments_member"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "person"], name="assessment_member_once"),
            SameCompany(field="assessment", name="member_assessment_same_company"),
            SameCompany(field="person", name="member_person_same_company"),
        ]


class Share(Part):
    """An item that one member answers."""

    item = models.CharField(max_length=80)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta(Part.Meta):
        db_table = "assessments_share"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="assessment_share_once"),
            SameCompany(field="assessment", name="share_assessment_same_company"),
            SameCompany(field="person", name="share_person_same_company"),
        ]


class Finding(Part):
    """What facts said to one condition at the start. `count` null: they do not decide it."""

    condition = models.CharField(max_length=80)
    count = models.IntegerField(null=True)
    lost = models.IntegerField()
    sure = models.BooleanField()
    facts = ArrayField(models.BigIntegerField(), default=list)
    subjects = ArrayField(models.BigIntegerField(), default=list)
    until = models.DateField(null=True)
    unkept = ArrayField(models.CharField(max_length=60), default=list)  # kinds whose absence said nothing

    class Meta(Part.Meta):
        db_table = "assessments_finding"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "condition"], name="assessment_finding_once"),
            SameCompany(field="assessment", name="finding_assessment_same_company"),
        ]


class Answer(Part):
    """What a person answered. `review`: the second assessor. `replaced_at`: another stands in its place."""

    condition = models.CharField(max_length=80)
    review = models.BooleanField(default=False)
    count = models.IntegerField()
    matters = ArrayField(models.CharField(max_length=40), default=list)
    how = models.CharField(max_length=10)  # asked overruled
    reason = models.CharField(max_length=300, blank=True)
    asked = models.CharField(max_length=100, blank=True)  # who was asked
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta(Part.Meta):
        db_table = "assessments_answer"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "condition", "review"],
                condition=Q(replaced_at=None),
                name="assessment_answer_stands_once",
            ),
            SameCompany(field="assessment", name="answer_assessment_same_company"),
            SameCompany(field="person", name="answer_person_same_company"),
        ]


class Omission(Part):
    """An item that does not apply. `ended_at`: it does after all."""

    item = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Part.Meta):
        db_table = "assessments_omission"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "item"], condition=Q(ended_at=None), name="assessment_omission_once"
            ),
            SameCompany(field="assessment", name="omission_assessment_same_company"),
            SameCompany(field="person", name="omission_person_same_company"),
        ]


class Photo(Part):
    """A file seen on the spot, of an item; stored by its SHA-256 like those of records."""

    item = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(Part.Meta):
        db_table = "assessments_photo"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item", "sha256"], name="assessment_photo_once"),
            SameCompany(field="assessment", name="photo_assessment_same_company"),
            SameCompany(field="person", name="photo_person_same_company"),
        ]


class Sample(Part):
    """A drawn sample with the snapshot it was drawn from."""

    rule = models.CharField(max_length=40)  # of the scheme: people, vehicles
    population = ArrayField(models.BigIntegerField())
    digest = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    members = ArrayField(models.BigIntegerField())  # as drawn
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(Part.Meta):
        db_table = "assessments_sample"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "rule"], name="assessment_sample_once"),
            models.UniqueConstraint(fields=["company", "id"], name="sample_of_company"),
            SameCompany(field="assessment", name="sample_assessment_same_company"),
            SameCompany(field="person", name="sample_person_same_company"),
        ]


class Replacement(TenantModel):
    """A member of a sample that could not be checked, and the next in rank that took its place."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="replaced")
    out = models.BigIntegerField()
    into = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "assessments_replacement"
        constraints = [
            models.UniqueConstraint(fields=["sample", "out"], name="replacement_once"),
            SameCompany(field="sample", name="replacement_sample_same_company"),
            SameCompany(field="person", name="replacement_person_same_company"),
        ]


class Quiz(Part):
    """What one member of a sample is asked: its questions follow from what stands here."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=12)  # of the question bank
    words = ArrayField(models.CharField(max_length=60))  # posts held, driver, employee
    own = ArrayField(models.BigIntegerField(), default=list)  # the company's questions of that moment
    seed = models.CharField(max_length=64)
    day = models.DateField()
    opened_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(Part.Meta):
        db_table = "assessments_quiz"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "person"], name="quiz_once"),
            models.UniqueConstraint(fields=["company", "id"], name="quiz_of_company"),
            SameCompany(field="assessment", name="quiz_assessment_same_company"),
            SameCompany(field="person", name="quiz_person_same_company"),
            SameCompany(field="opened_by", name="quiz_opener_same_company"),
        ]
        indexes = [models.Index(fields=["person"], name="quiz_of_person")]


class Reply(Part):
    """To one question of a quiz, for ever. `option`: its place as posed; `person`: who was signed in."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="+")
    question = models.CharField(max_length=60)
    option = models.PositiveSmallIntegerField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(Part.Meta):
        db_table = "assessments_reply"
        constraints = [
            models.UniqueConstraint(fields=["quiz", "question"], name="reply_once"),
            SameCompany(field="assessment", name="reply_assessment_same_company"),
            SameCompany(field="quiz", name="reply_quiz_same_company"),
            SameCompany(field="person", name="reply_person_same_company"),
        ]


class OwnQuestion(TenantModel):
    """A question of the company's own (企业自拟), never changed; `ended_at`: no longer asked."""

    scheme = models.CharField(max_length=40)
    topic = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    options = ArrayField(models.CharField(max_length=100))  # the right one first
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "assessments_own_question"
        constraints = [SameCompany(field="person", name="own_question_person_same_company")]


class Correction(Part):
    """A record that holds what must be put right after an assessment."""

    record = models.ForeignKey("evidence.Record", on_delete=models.CASCADE, related_name="+")

    class Meta(Part.Meta):
        db_table = "assessments_correction"
        constraints = [
            models.UniqueConstraint(fields=["record"], name="assessment_correction_once"),
            SameCompany(field="assessment", name="correction_assessment_same_company"),
            SameCompany(field="record", name="correction_record_same_company"),
        ]


class Keeping(TenantModel):
    """The company keeps every record of this kind here from a day on: from then absence counts."""

    kind = models.CharField(max_length=60)
    since = models.DateField()
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=40)

    class Meta(TenantModel.Meta):
        db_table = "assessments_keeping"
        constraints = [models.UniqueConstraint(fields=["company", "kind"], name="keeping_once")]


class Estimate(TenantModel):
    """What records alone say to a standard, as of a day; no assessment. Made anew, never changed by hand."""

    scheme = models.CharField(max_length=40)
    edition = models.CharField(max_length=12)
    on = models.DateField()
    made_at = models.DateTimeField()
    points = models.IntegerField()  # that the source prints
    score = models.IntegerField()  # what no record answers is kept
    lost = models.IntegerField()
    decided = models.IntegerField()  # deductions and vetoes that records answer
    conditions = models.IntegerField()  # all of them
    vetoes_failed = models.IntegerField()
    worst = models.JSONField(default=list)  # [item, points]: where most is lost

    class Meta(TenantModel.Meta):
        db_table = "assessments_estimate"
        constraints = [models.UniqueConstraint(fields=["company"], name="estimate_once")]
