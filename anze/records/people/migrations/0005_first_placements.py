"""Everybody belongs to their unit since they joined, as far as is known."""

from django.db import migrations

PLACE = """
INSERT INTO people_placement (company_id, person_id, unit_id, since, until)
SELECT company_id, id, unit_id, joined_on, left_on FROM people_person
WHERE unit_id IS NOT NULL AND (left_on IS NULL OR left_on > joined_on)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_registry"),
    ]

    operations = [migrations.RunSQL(PLACE, "DELETE FROM people_placement")]
