"""Roles, policies and grants of the embedded cluster."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_product_runs_as_a_role_that_row_level_security_binds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("anze_app", False, False)
