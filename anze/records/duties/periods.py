"""An authority's key periods and what they do to its companies: all that an officer changes in a company.

Declaring, withdrawing and ending are noted on the authority's chain and on that of each company touched.
"""

from __future__ import annotations

from collections.abc import Callable

from anze.records.acting.context import acting, current
from anze.records.acting.permissions import require
from anze.records.duties import verdicts
from anze.records.duties.deciding import redecide_for_periods
from anze.records.journal.actions import append
from anze.records.key_periods import actions
from anze.records.key_periods.actions import Changed, NewPeriod


def declare_period(*, period: NewPeriod) -> int:
    """Opens what is owed before it begins, for every company under the authority or for those named."""
    return _told("key_period.declare", period.reason, lambda: actions.declare(period=period))


def withdraw_period(*, declaration_id: int, reason: str) -> None:
    """What it had opened is asked no more."""
    _told(
        "key_period.withdraw",
        reason,
        lambda: actions.withdraw(declaration_id=declaration_id, reason=reason),
    )


def end_period(*, declaration_id: int, reason: str) -> None:
    """Today is the last day; what it had opened stays owed."""
    _told("key_period.end", reason, lambda: actions.end_early(declaration_id=declaration_id, reason=reason))


def _told(action: str, reason: str, act: Callable[[], Changed]) -> int:
    """The authority's act first; then, in a scope of the companies it touches, their duties and chains."""
    require("declare_period")
    scope = current()
    changed = act()
    ids = changed.companies
    with acting(scope.actor, reads=ids, writes=ids, at=scope.at):
        verdicts.lock(ids)
        for company_id in ids:
            redecide_for_periods(company_id)
            append(
                action=action,
                rows=[("key_periods.declaration", changed.id, changed.digest)],
                reason=reason.strip(),
                company_id=company_id,
            )
    return changed.id
