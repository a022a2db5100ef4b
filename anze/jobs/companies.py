"""Which companies there are: asked before a job has a scope."""

from __future__ import annotations

from django.db import connection


def every_company() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT anze_company_ids()")
        return tuple(company for (company,) in cursor.fetchall())
