"""What a guide gives to be run does what it says."""

from __future__ import annotations

import re

import pytest
import time_machine

from anze.records.acting.context import SYSTEM, acting
from anze.records.duties import overview
from anze.records.people.models import Account
from tests.cast import NOW, cheap_passwords
from tests.docs.pages import ROOT


@pytest.mark.django_db
def test_the_first_company_is_registered_as_the_guide_says() -> None:
    page = (ROOT / "docs" / "guides" / "deploy.md").read_text("utf-8")
    (script,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    names: dict[str, int] = {}
    with cheap_passwords(), time_machine.travel(NOW, tick=False):
        exec(compile(script, "deploy.md", "exec"), names)  # its own text
    assert set(Account.objects.values_list("username", flat=True)) == {"zhou", "zhang", "li"}
    with acting(SYSTEM, reads=(names["company"],), at=NOW):
        rows = overview.matrix(company_id=names["company"]).rows
    judged = {row.position.id for row in rows if any(cell.total for cell in row.cells)}
    assert judged == {"coach.principal", "coach.safety_manager"}
