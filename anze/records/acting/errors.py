"""What an action may answer instead of acting. The text is Chinese and meant for the page."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 -- a refusal is the domain's word
    """The act breaks a rule; nothing was changed."""


class NotFound(Refused):
    """No such row in scope; another company's rows look the same."""


class NotPermitted(Refused):
    """The actor's roles do not allow the act."""
