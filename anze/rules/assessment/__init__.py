"""Assessment (考评): answers to a scheme's deductions and vetoes in, points and grades with reasons out.

`automatic` answers from facts what facts can answer; `ledger` turns answers into points; `grading` says which
grades are reached and why not; `checks` what must be mended before it is handed in; `outlook` what the next
grade needs and where the score goes if nothing more is done. Nothing here is stored: with the same scheme
edition, regime and answers the number is the same.
"""

from anze.rules.assessment.automatic import Finding, finding, findings
from anze.rules.assessment.checks import Check, Doubt, Traces, checks, samples_of
from anze.rules.assessment.grading import GradeVerdict, Standing, grades, reached
from anze.rules.assessment.ledger import Assessment, assess
from anze.rules.assessment.model import Answer, AnswerError, Books, Entry, How, Omission
from anze.rules.assessment.outlook import Needs, forecast, needs, newly_lost

__all__ = [
    "Answer",
    "AnswerError",
    "Assessment",
    "Books",
    "Check",
    "Doubt",
    "Entry",
    "Finding",
    "GradeVerdict",
    "How",
    "Needs",
    "Omission",
    "Standing",
    "Traces",
    "assess",
    "checks",
    "finding",
    "findings",
    "forecast",
    "grades",
    "needs",
    "newly_lost",
    "reached",
    "samples_of",
]
