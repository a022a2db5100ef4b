from __future__ import annotations

from django.db import connection

from anze.records.acting.constraints import SameCompany
from anze.records.people.models import Holding, Person


def test_the_constraint_is_written_into_migrations_and_comes_back() -> None:
    constraint = SameCompany(field="person", name="holding_person_same_company")
    path, arguments, named = constraint.deconstruct()
    assert path == "anze.records.acting.constraints.SameCompany"
    assert SameCompany(*arguments, **named) == constraint
    assert len({constraint, constraint.clone()}) == 1
    assert constraint != SameCompany(field="person", name="other")
    assert constraint in Holding._meta.constraints


def test_its_sql_names_both_columns() -> None:
    constraint = SameCompany(field="unit", name="person_unit_same_company")
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        made = str(constraint.create_sql(Person, editor))
        dropped = str(constraint.remove_sql(Person, editor))
    assert made == (
        'ALTER TABLE "people_person" ADD CONSTRAINT "person_unit_same_company" FOREIGN KEY '
        '("company_id", "unit_id") REFERENCES "tenants_unit" ("company_id", "id")'
    )
    assert dropped == 'ALTER TABLE "people_person" DROP CONSTRAINT "person_unit_same_company"'
