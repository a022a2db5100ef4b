"""What goes in: filters and drafts. Nothing beyond what is named here is taken."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StrictStr

from anze.api.fields import BodyId, Day, Hours, Id, Instant, PageNumber, PageSize, Short, State, Status
from anze.records.acting.paging import PAGE_SIZE

MOST_PARTS, MOST_SUBJECTS, MOST_VALUES = 5000, 1000, 100


class In(Schema):
    model_config = ConfigDict(extra="forbid")


class ObligationQuery(In):
    """The filters of the page. `month`: its first day, or `standing` for what has no due day."""

    company: Id | None = None
    position: Short | None = None
    state: State | None = None
    month: Annotated[str, Field(pattern=r"^(standing|(19|20)[0-9]{2}-(0[1-9]|1[0-2])-01)$")] | None = None
    requirement: Short | None = None
    line: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+\.[a-z0-9]+$", max_length=100)] | None = None
    starts: Day | None = None
    event: Id | None = None
    page: PageNumber = 1
    size: PageSize = PAGE_SIZE


class RecordQuery(In):
    """`since` and `until`: half-open days on which it happened. `search`: in the title or number."""

    company: Id | None = None
    kind: Short | None = None
    status: Status | None = None
    since: Day | None = None
    until: Day | None = None
    search: Short | None = None
    page: PageNumber = 1
    size: PageSize = PAGE_SIZE


class PartIn(In):
    person_id: BodyId
    role: Short
    attendance: Literal["attended", "excused", "absent"] = "attended"
    hours: Hours | None = None
    score: Annotated[float, Field(ge=0, le=1000)] | None = None
    result: Literal["", "passed", "failed"] = ""


class SubjectIn(In):
    type: Literal["vehicle", "driver", "department", "employee"]
    id: BodyId


class RecordIn(In):
    """A draft: may be incomplete, never wrong. `values`: field id of the kind -> text."""

    kind: Short
    title: Annotated[StrictStr, Field(min_length=1, max_length=120)]
    happened_at: Instant
    ended_at: Instant | None = None
    hours: Hours | None = None
    values: Annotated[
        dict[Short, Annotated[StrictStr, Field(max_length=5000)]], Field(max_length=MOST_VALUES)
    ] = Field(default_factory=dict)
    parts: Annotated[list[PartIn], Field(max_length=MOST_PARTS)] = Field(default_factory=list)
    subjects: Annotated[list[SubjectIn], Field(max_length=MOST_SUBJECTS)] = Field(default_factory=list)
    about: BodyId | None = None
    makes_up: Day | None = None
    attests: Short | None = None
