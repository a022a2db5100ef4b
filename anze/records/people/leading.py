"""The posts that every company has by law, whether its trade's list is encoded or not.

Safety Law: the principal answers for the company (第五条); a transport company has a safety institution or
safety managers (第二十四条). Where a trade's list is encoded, the list names these posts itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from anze.records.lawbook import is_listed, lawbook
from anze.rules.catalogue.model import Position


@dataclass(frozen=True, slots=True)
class LeadingPost:
    """A post without a list: its holder answers for the whole company, and owes nothing that is encoded."""

    id: str
    name: str
    single_holder: bool


ROLES = {
    "principal": "principal",
    "safety_manager": "safety_manager",
    "monitor": "monitor",
    "monitoring_head": "monitor",
}
_NAMES = {"principal": "主要负责人", "safety_manager": "安全生产管理人员"}


def role_of(position: str) -> str:
    return ROLES.get(position.rsplit(".", 1)[-1], "holder")


def post_named(position: str) -> Position | LeadingPost | None:
    """The listed post, or a leading one of a trade that has no list."""
    if (listed := lawbook().positions.get(position)) is not None:
        return listed
    trade, _, post = position.partition(".")
    if post in _NAMES and not is_listed(trade):
        return LeadingPost(position, _NAMES[post], single_holder=post == "principal")
    return None


def name_of(position: str) -> str:
    """As the post is called; the id of one that no list knows any more."""
    post = post_named(position)
    return position if post is None else post.name


def trade_of(position: str) -> str:
    return position.partition(".")[0]
