"""Quizzes of drawn people; what belongs to a concluded assessment is refused by the database itself."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anze.records.acting.constraints

PARTS = ("quiz", "reply")
ON_PARTS = "".join(
    f"CREATE TRIGGER assessments_{part}_guard BEFORE INSERT OR UPDATE OR DELETE ON assessments_{part} "
    f"FOR EACH ROW EXECUTE FUNCTION assessments_part_guard();\n"
    for part in PARTS
)
DROP = "".join(f"DROP TRIGGER assessments_{part}_guard ON assessments_{part};\n" for part in PARTS)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0002_concluded_never_changes"),
        ("people", "0006_submission"),
        ("tenants", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Quiz",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=12)),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None
                    ),
                ),
                (
                    "own",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("seed", models.CharField(max_length=64)),
                ("day", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.company"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "db_table": "assessments_quiz",
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=60)),
                ("option", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.company"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "quiz",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="assessments.quiz"
                    ),
                ),
            ],
            options={
                "db_table": "assessments_reply",
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="OwnQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scheme", models.CharField(max_length=40)),
                ("topic", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=200)),
                (
                    "options",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), size=None
                    ),
                ),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.company"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "db_table": "assessments_own_question",
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    anze.records.acting.constraints.SameCompany(
                        field="person", name="own_question_person_same_company"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="quiz",
            index=models.Index(fields=["person"], name="quiz_of_person"),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.UniqueConstraint(fields=("assessment", "person"), name="quiz_once"),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.UniqueConstraint(fields=("company", "id"), name="quiz_of_company"),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=anze.records.acting.constraints.SameCompany(
                field="assessment", name="quiz_assessment_same_company"
            ),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=anze.records.acting.constraints.SameCompany(
                field="person", name="quiz_person_same_company"
            ),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=anze.records.acting.constraints.SameCompany(
                field="opened_by", name="quiz_opener_same_company"
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(fields=("quiz", "question"), name="reply_once"),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=anze.records.acting.constraints.SameCompany(
                field="assessment", name="reply_assessment_same_company"
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=anze.records.acting.constraints.SameCompany(
                field="quiz", name="reply_quiz_same_company"
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=anze.records.acting.constraints.SameCompany(
                field="person", name="reply_person_same_company"
            ),
        ),
        migrations.RunSQL(ON_PARTS, DROP),
    ]
