"""What an examination says of one person: a score, whether they passed, or both.

Rule 1: 92、92.5分、合格、不合格、92（合格）are results; any other word is left as it was written.
Rule 2: a score says nothing of passing: where the line lies is the company's, and stands in the session.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

PASSED, FAILED = "passed", "failed"
WORDS = {PASSED: "合格", FAILED: "不合格"}
HIGHEST = Decimal(1000)
_MEANT = dict.fromkeys(("合格", "通过", "及格"), PASSED) | dict.fromkeys(
    ("不合格", "未通过", "不及格"), FAILED
)
_SAID = re.compile(rf"(?:(\d{{1,4}}(?:\.\d)?)(分)?)?[\s(,，]*({'|'.join(_MEANT)})?\)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Result:
    """`score`: without trailing zeros, or empty; `outcome`: passed, failed, or empty."""

    score: str = ""
    outcome: str = ""

    def __str__(self) -> str:
        return "，".join(filter(None, (f"{self.score}分" if self.score else "", WORDS.get(self.outcome, ""))))


def result_in(text: str, *, unit: bool = False) -> Result | None:
    """None: not a result. `unit`: a number alone is one only with its 分."""
    found = _SAID.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or not (found[1] or found[3]) or (unit and found[1] and not found[2]):
        return None
    score = Decimal(found[1]) if found[1] else None
    if score is not None and score > HIGHEST:
        return None
    return Result(plain(score), _MEANT.get(found[3] or "", ""))


def plain(score: Decimal | None) -> str:
    """92, 92.5, or nothing."""
    return "" if score is None else f"{score.normalize():f}"
