"""Holders sign the lists of their posts, and people confirm what concerns them: most of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from anze.cli.demo.cast import Firm
from anze.cli.demo.days import Days, at, office_day
from anze.cli.demo.play import Act, Stage
from anze.records.acting.context import acting
from anze.records.confirmations import queries as confirmations
from anze.records.confirmations.actions import confirm
from anze.records.signatures.actions import sign_list
from anze.records.signatures.queries import list_in_force

SIGNED_WITHIN = timedelta(days=2)
# Who has put it off: the newest safety manager, and the careless firm's principal.
UNSIGNED = {"a": {"manager2"}, "b": {"boss"}}
UNCONFIRMED = {"manager2", "driver1"}


def signings(firm: Firm, days: Days, usernames: Mapping[str, str]) -> Iterator[Act]:
    """Only those with an account sign here."""
    for holder in firm.holders:
        day = office_day(max(holder.since, days.start) + SIGNED_WITHIN)
        held = holder.until is None or day < holder.until
        if held and holder.key in usernames and holder.key not in UNSIGNED[firm.key]:
            yield Act(at(day, "16:40"), holder.key, _sign(holder.position))


def _sign(position: str) -> Callable[[Stage], object]:
    def sign(stage: Stage) -> int:
        shown = list_in_force(position)
        return sign_list(position=position, edition=shown.edition, digest=shown.digest)

    return sign


def confirm_all(stage: Stage) -> None:
    """Letters, contracts and papers that wait for people with an account. Told last, when all are sealed."""
    if stage.firm.rate < 1:
        return
    for key in sorted(stage.accounts.keys() - UNCONFIRMED):
        with acting(stage.actor(key), reads=(stage.company,), at=stage.days.now):
            for waiting in confirmations.mine():
                asked = confirmations.own(waiting.record_id)
                assert asked is not None, "whoever is waited for is asked"
                confirm(record_id=asked.record_id, digest=asked.digest)
