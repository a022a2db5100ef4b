"""A form that a bar to hiring stands against: it says why, and asks for the decision."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import BaseForm

from anze.records.dossiers.hiring import Barred
from anze.web.ui.attempt import attempted


def weighed(form: BaseForm, act: Callable[[], object]) -> bool:
    """As `attempted`, of a form that is in order; the box for deciding despite a bar is offered only then."""
    barred: list[Barred] = []

    def weighing() -> None:
        try:
            act()
        except Barred as refusal:
            barred.append(refusal)
            raise

    done = form.is_valid() and attempted(form, weighing)
    if not barred and not form.data.get("despite"):
        del form.fields["despite"]
    return done
