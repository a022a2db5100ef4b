"""How a message leaves the machine: mail, robots, short messages. No channel touches the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anze.jobs.channels import mail, robots, sms
from anze.jobs.channels.problems import NotSent
from anze.records.reminders.outbox import Outgoing

__all__ = ["SENDERS", "NotSent", "send"]

SENDERS: Mapping[str, Callable[[Outgoing], None]] = {
    "mail": mail.send,
    "wecom": robots.send_wecom,
    "dingtalk": robots.send_dingtalk,
    "sms": sms.send,
}


def send(message: Outgoing) -> None:
    """Returns when the channel has taken it. Raises NotSent, and nothing else that it can foresee."""
    SENDERS[message.channel](message)
