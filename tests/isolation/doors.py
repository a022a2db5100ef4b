"""Every address of the product, filled in with rows of company A."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from anze.records.acting.context import SYSTEM, acting
from anze.records.assessments import photos, quizzing, sampling
from anze.records.duties import actions, choosing, deciding, organising
from anze.records.duties.models import Application, Obligation
from anze.records.duties.own import add_demand
from anze.records.duties.periods import declare_period
from anze.records.evidence import actions as evidence
from anze.records.evidence import papers
from anze.records.evidence.actions import Draft, PartInput
from anze.records.evidence.roll_calls import open_roll_call
from anze.records.fleet.pairs import NewPair, make_pairs
from anze.records.fleet.terminals import NewTerminal, install_terminals
from anze.records.handovers import actions as handovers
from anze.records.imports import actions as imports
from anze.records.key_periods.actions import NewPeriod
from anze.records.people import queries, remits
from anze.records.people.tokens import issue_token
from anze.records.reminders import links
from anze.records.reminders.models import Message
from anze.records.signatures.actions import sign_list
from anze.records.signatures.lists import list_in_force
from anze.records.tenants.models import Company
from anze.rules.catalogue.model import Every, Role
from anze.rules.duties.own import Asking
from anze.web.attendance.codes import code_of
from anze.web.papers.codes import printed_code
from tests.cast import NOW, TODAY, Cast, meeting
from tests.records.assessments.stage import started
from tests.records.imports.books import HEAD, STUDY, study, xlsx
from tests.uplink import asked

DAY = timedelta(days=1)

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@dataclass(frozen=True)
class World:
    """Ids of company A that addresses are filled in with."""

    cast: Cast
    record_id: int  # sealed, attended by nobody but the principal and the manager
    draft_id: int  # drafted by the safety manager, who calls its roll
    attachment_id: int
    obligation_id: int
    driver_obligation_id: int
    signature_id: int  # of the principal
    token_id: int  # the safety manager's
    waiver_id: int
    demand_id: int
    declaration_id: int  # for every company under the authority
    application_id: int
    message_id: int  # a reminder of the safety manager's that was given up
    secret: str  # of a one-use link for the safety manager
    person_id: int  # the clerk, who deputises and is on leave next month
    holding_id: int  # the principal's
    leave_id: int
    unit_id: int
    remit_id: int
    handover_id: int  # of the principal's post, to the safety manager
    import_id: int  # the safety manager's, open; its row 2 is good
    question_id: int  # of an authority's platform, open
    installation_id: int  # a terminal in the first vehicle
    assessment_id: int  # running; the monitor is in its team, the principal its reviewer
    photo_id: int
    quiz_id: int  # the clerk's, of everybody in the sample
    pair_id: int  # of a driver and the first vehicle
    copy_id: int  # of the sealed record, stamped

    def arguments(self, wanted: set[str], *, draft: bool) -> dict[str, object]:
        known: dict[str, object] = {
            "record_id": self.draft_id if draft else self.record_id,
            "attachment_id": self.attachment_id,
            "obligation_id": self.obligation_id,
            "company_id": self.cast.a.id,
            "vehicle_id": self.cast.a.vehicles[0],
            "signature_id": self.signature_id,
            "token_id": self.token_id,
            "waiver_id": self.waiver_id,
            "demand_id": self.demand_id,
            "declaration_id": self.declaration_id,
            "application_id": self.application_id,
            "message_id": self.message_id,
            "secret": self.secret,
            "channel": "wecom",
            "kind": "meeting.safety",
            "person_id": self.person_id,
            "holding_id": self.holding_id,
            "leave_id": self.leave_id,
            "unit_id": self.unit_id,
            "remit_id": self.remit_id,
            "handover_id": self.handover_id,
            "import_id": self.import_id,
            "number": 2,
            "question_id": self.question_id,
            "installation_id": self.installation_id,
            "assessment_id": self.assessment_id,
            "photo_id": self.photo_id,
            "quiz_id": self.quiz_id,
            "pair_id": self.pair_id,
            "mark": printed_code(self.cast.a.id, self.record_id, "0" * 12),
            "copy_id": self.copy_id,
            "code": code_of(self.cast.a.id, self.draft_id, NOW - DAY),  # yesterday's
            "item": "taxi-2012.1.1.a",
            "act": "start",
            "year": 2026,
            "position": "coach.safety_manager",
            "month": "2026-10",
            "requirement": "coach.safety_manager.d4.a",
            "demand": "coach.safety_manager.d3.a",
        }
        return {name: known[name] for name in wanted}


def build_world(cast: Cast) -> World:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        record = evidence.draft_record(draft=meeting(cast.a))
        attachment = evidence.attach_file(record_id=record, name="签到表.png", chunks=[PNG])
        actions.seal_records(record_ids=[record])
        draft = evidence.draft_record(
            draft=Draft(
                kind="meeting.leading-group",
                title="四季度会议草稿",
                happened_at=NOW - timedelta(days=3),
                values={"topics": "冬季行车"},
                parts=[PartInput(cast.a.principal, Role.CHAIR)],
            )
        )
        open_roll_call(record_id=draft)
        own = Obligation.objects.filter(subject=None, state="open").order_by("id").first()
        drivers = Obligation.objects.filter(subject=cast.a.drivers[0]).order_by("id").first()
    with cast.acts("principal"):
        shown = list_in_force("coach.principal")
        signature = sign_list(position=shown.position, edition=shown.edition, digest=shown.digest)
    with cast.acts("safety_manager"):
        token = issue_token(name="报表", days=90)
        waiver = choosing.waive(
            requirement="coach.safety_manager.r11.a", since=TODAY, until=None, reason="停产检修"
        )
        demand = add_demand(
            demand=Asking("coach.safety_head", "每月讲一次安全课", Every.MONTH, 1, "meeting.safety", TODAY),
            reason="制度第八条",
        )
    with cast.acts("officer"):
        fair = NewPeriod("activity", "博览会", TODAY + 9 * DAY, TODAY + 12 * DAY, "市局通知")
        declaration = declare_period(period=fair)
    assert own is not None
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        link = links.issue(account=cast.account("safety_manager"), obligation_id=own.pk)
    assert drivers is not None
    secret = link.split("/")[-2]
    question = asked(cast.a.id, at=NOW)
    copy = _stamped(cast, record)
    registered = (*_registry(cast), _sheet(cast), question, _terminal(cast), *_assessed(cast))
    registered = (*registered, _pair(cast), copy)
    made = (signature, token.id, waiver, demand, declaration, *_told(cast), secret, *registered)
    return World(cast, record, draft, attachment, own.pk, drivers.pk, *made)


def _stamped(cast: Cast, record: int) -> int:
    with cast.acts("safety_manager"):
        version = papers.version_of(record)
        papers.file_printed(record_id=record, version=version, name="盖章.png", chunks=[PNG])
        (copy,) = papers.stamped_copies(record)
    return copy.id


def _terminal(cast: Cast) -> int:
    with cast.acts("safety_manager"):
        new = NewTerminal("13800010001", cast.a.vehicles[0], NOW)
        (installation,) = install_terminals(company_id=cast.a.id, terminals=[new])
    return installation


def _pair(cast: Cast) -> int:
    with cast.acts("safety_manager"):
        new = NewPair(cast.a.vehicles[0], cast.a.drivers[0], TODAY)
        (pair,) = make_pairs(company_id=cast.a.id, pairs=[new])
    return pair


def _told(cast: Cast) -> tuple[int, int]:
    """Editions applied for a second time, and a reminder that was given up."""
    with cast.acts("safety_manager"):
        [first] = Application.objects.all()
        application = Application.objects.create(
            company_id=cast.a.id,
            number=2,
            applied_at=NOW,
            editions=first.editions,
            positions=["coach.principal"],
            decided_at=NOW,
        )
        message = Message.objects.create(
            company_id=cast.a.id,
            person_id=cast.a.safety_manager,
            channel="mail",
            title="1 项职责即将到期",
            lines=[],
            made_at=NOW,
            given_up_at=NOW,
            problem="没有填写邮箱",
        )
    return application.pk, message.pk


def _registry(cast: Cast) -> tuple[int, int, int, int, int, int]:
    """A deputy, a leave, a remit and a sheet: ids in the order of the fields."""
    with cast.acts("safety_manager"):
        (held,) = queries.holdings(person_id=cast.a.principal)
        since = NOW.date() + timedelta(days=30)
        leave = organising.take_leave(
            person_id=cast.a.clerk, kind="leave", since=since, until=None, reason="探亲"
        )
        organising.put_in_charge(holding_id=held.id, unit_id=cast.a.department, since=NOW.date())
        (remit,) = remits.remits(company_id=cast.a.id)
        sheet = handovers.draw_up(holding_id=held.id, receiver_id=cast.a.safety_manager, until=None)
    return cast.a.clerk, held.id, leave, cast.a.department, remit.id, sheet


def _assessed(cast: Cast) -> tuple[int, int, int]:
    """Of the time when company A was a taxi company: the standard of its trade of today is not encoded."""
    assessment = started(cast)
    with cast.acts("safety_manager"):
        photo = photos.add_photo(
            assessment_id=assessment, item="taxi-2012.1.1.a", name="现场.png", chunks=[PNG]
        )
        sampling.draw(assessment_id=assessment, rule="people", seed="20261120", wanted=6)
        [quiz] = quizzing.open_quizzes(assessment_id=assessment, persons=[cast.a.clerk])
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        Company.objects.filter(pk=cast.a.id).update(trade="coach")
    return assessment, photo, quiz


def _sheet(cast: Cast) -> int:
    file = xlsx(HEAD, study(1))
    with cast.acts("safety_manager"):
        return imports.upload(of=STUDY, name="学习.xlsx", file=file, size=len(file.getvalue()))


def doors() -> Iterator[tuple[str, set[str]]]:
    """(name with namespaces, names of the parameters) of every page; `test_api_matrix` walks the API."""
    yield from _walk(get_resolver(), (), set())


def _walk(node: URLResolver, spaces: tuple[str, ...], outer: set[str]) -> Iterator[tuple[str, set[str]]]:
    for child in node.url_patterns:
        inner = outer | set(child.pattern.converters)
        if isinstance(child, URLPattern):
            assert child.name, f"{child.pattern} has no name"
            yield ":".join((*spaces, child.name)), inner
        else:
            if child.namespace == "api":
                continue
            space = (*spaces, child.namespace) if child.namespace else spaces
            yield from _walk(child, space, inner)


def address(world: World, name: str, parameters: set[str], *, draft: bool = False) -> str:
    return reverse(name, kwargs=world.arguments(parameters, draft=draft))
