"""Duty × holder × subject × period → obligation → verdict."""

from anze.rules.duties.engine import decide
from anze.rules.duties.model import WORST_FIRST, Decision, Obligation, Reason, State, Verdict
from anze.rules.duties.terms import Rulebook

__all__ = ["WORST_FIRST", "Decision", "Obligation", "Reason", "Rulebook", "State", "Verdict", "decide"]
