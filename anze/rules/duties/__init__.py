"""Duty × holder × subject × period → obligation → verdict."""

from anze.rules.duties.engine import decide
from anze.rules.duties.model import WORST_FIRST, Decision, Obligation, Reason, State, Verdict
from anze.rules.duties.tenures import Corrected, Ruled, Tenure, rule
from anze.rules.duties.terms import Rulebook

__all__ = [
    "WORST_FIRST",
    "Corrected",
    "Decision",
    "Obligation",
    "Reason",
    "Rulebook",
    "Ruled",
    "State",
    "Tenure",
    "Verdict",
    "decide",
    "rule",
]  # fmt: skip
