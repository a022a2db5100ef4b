"""What a company decides about its reminders: ladder, robots, superiors; and the contact data of its people.

Addresses of webhooks and their secrets are secrets: the journal holds neither, nor digests of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.journal.actions import append, digest_of, instant
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.records.reminders.models import Contact, Ladder, Message, Robot, SuperiorChoice
from anze.records.reminders.reach import GROUPS, reaches, robots, ways
from anze.records.reminders.reading import conventional_superiors
from anze.records.reminders.wording import CHANNELS, RECEIVERS
from anze.records.tenants import queries as tenants
from anze.rules.periods import day_of, midnight
from anze.rules.reminders import (
    EARLIEST_STEP,
    LATEST_STEP,
    MOST_STEPS,
    QUIET_FROM,
    QUIET_UNTIL,
    Receiver,
    Step,
)

USUAL_HOUR = 8
USUAL_STEPS = (
    Step(-3, Receiver.PERSON, ("mail",)),
    Step(0, Receiver.PERSON, ("mail",)),
    Step(1, Receiver.SUPERIOR, ("mail",)),
    Step(3, Receiver.PRINCIPAL, ("mail",)),
)
MOST_TESTS = 10  # of one company in a day


class InvalidLadder(Refused):
    """`errors`: index of the step, or "hour" or "steps" -> what is wrong, all at once."""

    def __init__(self, errors: Mapping[int | str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("".join(errors.values()))


class InvalidAddress(Refused):
    """`errors`: field -> what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("".join(errors.values()))


class TooManyTests(Refused):
    """A robot that is tested all day is blocked by its platform."""


class InvalidSuperior(Refused):
    """No such post of this trade, or the choices run in a ring."""


def set_ladder(*, on: bool, hour: int, steps: Sequence[Step]) -> None:
    """The whole ladder. Switched on it begins anew: what passed before is silent. Raises InvalidLadder."""
    require("set_reminders")
    company_id, scope = _own_company(), current()
    if errors := _wrong_ladder(hour, steps):
        raise InvalidLadder(errors)
    ordered = sorted(steps, key=lambda step: (step.days, step.receiver))
    row = Ladder.objects.select_for_update().filter(company_id=company_id).first()
    if row is None:
        row = Ladder(company_id=company_id)
    if on and row.since is None:
        row.since, row.folded = scope.at, False
    elif not on:
        row.since = None
    row.hour, row.next_at = hour, None
    row.steps = [[step.days, step.receiver.value, list(step.channels)] for step in ordered]
    row.save()
    content = [row.hour, row.steps, instant(row.since) if row.since else None]
    append(
        action="reminders.set_ladder",
        rows=[("reminders.ladder", row.pk, digest_of(content))],
        company_id=company_id,
    )


def set_robot(*, channel: str, address: str, secret: str = "", mention: bool = False) -> None:
    """An empty `address` or `secret` keeps the known one. Raises InvalidAddress."""
    require("set_reminders")
    company_id = _own_company()
    if channel not in GROUPS:
        raise NotFound("没有这种群机器人。")
    row = Robot.objects.select_for_update().filter(company_id=company_id, channel=channel).first()
    if row is None:
        row = Robot(company_id=company_id, channel=channel)
    row.address, row.secret = address.strip() or row.address, secret.strip() or row.secret
    row.mention = mention
    if errors := _wrong_robot(row):
        raise InvalidAddress(errors)
    row.save()
    append(
        action="reminders.set_robot",
        rows=[("reminders.robot", row.pk, digest_of([channel, mention]))],
        company_id=company_id,
    )


def remove_robot(*, channel: str) -> None:
    """Nothing is posted to that group any more; its address is forgotten."""
    require("set_reminders")
    company_id = _own_company()
    row = Robot.objects.filter(company_id=company_id, channel=channel).first()
    if row is None:
        raise NotFound("没有设置这种群机器人。")
    noted = ("reminders.robot", row.pk, digest_of([channel, None]))
    row.delete()
    append(action="reminders.remove_robot", rows=[noted], company_id=company_id)


def choose_superiors(*, superiors: Mapping[str, str]) -> None:
    """Post -> the post above it, or empty for nobody. Raises InvalidSuperior."""
    require("set_reminders")
    company_id = _own_company()
    posts = {p.id for p in lawbook().positions_of(tenants.company(company_id).trade)}
    if not posts >= set(superiors) or not posts | {""} >= set(superiors.values()):
        raise InvalidSuperior("所选岗位不属于本行业，请重新选择。")
    usual = conventional_superiors()
    whole = {post: superiors.get(post, usual.get(post, "")) for post in posts}
    for post in sorted(posts):
        if ring := _ring(post, whole):
            names = "、".join(lawbook().positions[each].name for each in ring)
            raise InvalidSuperior(f"上级岗位绕成一圈：{names}。请改正其中一处。")
    SuperiorChoice.objects.filter(company_id=company_id).delete()
    own = {post: above for post, above in whole.items() if above != usual.get(post, "")}
    rows = [SuperiorChoice(company_id=company_id, position=p, superior=s) for p, s in sorted(own.items())]
    SuperiorChoice.objects.bulk_create(rows)
    Ladder.objects.filter(company_id=company_id).update(next_at=None)
    noted = ("reminders.superiors", company_id, digest_of(sorted(own.items())))
    append(action="reminders.choose_superiors", rows=[noted], company_id=company_id)


def set_contact(*, email: str, by_mail: bool, by_sms: bool) -> None:
    """Of the acting person. Raises InvalidAddress."""
    require("see_own")
    scope = current()
    person = Person.objects.filter(pk=scope.actor.person or 0).first()
    if person is None:
        raise NotFound("此账号不属于任何人员。")
    email = email.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise InvalidAddress({"email": f"“{email[:60]}”不是邮箱地址。"}) from None
    row, _ = Contact.objects.update_or_create(
        company_id=person.company_id,
        person=person,
        defaults={"email": email, "by_mail": by_mail, "by_sms": by_sms},
    )
    append(
        action="reminders.set_contact",
        rows=[("reminders.contact", row.pk, digest_of([person.salt, email, by_mail, by_sms]))],
        company_id=person.company_id,
    )


def queue_test(*, channel: str) -> str:
    """A message to the acting person by this channel, at any hour. Why not, or empty: it is queued."""
    require("set_reminders")
    company_id, scope = _own_company(), current()
    if channel not in CHANNELS:
        raise NotFound("没有这种渠道。")
    person_id = scope.actor.person or 0
    me = reaches([company_id], scope.today).get(person_id)
    if me is None:
        raise NotFound("此账号不属于任何在职人员。")
    today = Message.objects.filter(company_id=company_id, test=True, made_at__gte=midnight(day_of(scope.at)))
    if today.count() >= MOST_TESTS:
        raise TooManyTests(f"今天已发送 {MOST_TESTS} 条测试消息，请明天再试。")
    problem = ways([channel], me, robots([company_id]).get(company_id, frozenset())).get(channel, "")
    if problem:
        return problem
    row = Message.objects.create(
        company_id=company_id,
        person_id=person_id,
        channel=channel,
        title=f"【{tenants.company(company_id).short_name}】测试消息",
        lines=[[None, f"这是一条测试消息，由{scope.actor.name}发出。收到即表示{CHANNELS[channel]}可用。"]],
        test=True,
        made_at=scope.at,
        next_at=scope.at,
    )
    noted = ("reminders.message", row.pk, digest_of([str(row.mark), row.person_id, channel]))
    append(action="reminders.test", rows=[noted], company_id=company_id)
    return ""


def _wrong_ladder(hour: int, steps: Sequence[Step]) -> dict[int | str, str]:
    errors: dict[int | str, str] = {}
    if not QUIET_UNTIL <= hour < QUIET_FROM:
        errors["hour"] = f"提醒时刻应在 {QUIET_UNTIL} 时至 {QUIET_FROM - 1} 时之间。"
    if not 1 <= len(steps) <= MOST_STEPS:
        errors["steps"] = f"请设置 1 至 {MOST_STEPS} 级提醒。"
    seen = set()
    for index, step in enumerate(steps):
        if not EARLIEST_STEP <= step.days <= LATEST_STEP:
            errors[index] = f"最早提前 {-EARLIEST_STEP} 天，最晚逾期后 {LATEST_STEP} 天。"
        elif not step.channels or not set(step.channels) <= set(CHANNELS):
            errors[index] = "请至少选择一种渠道。"
        elif (step.days, step.receiver) in seen:
            errors[index] = f"同一天对{RECEIVERS[step.receiver]}已有一级提醒，请合并。"
        seen.add((step.days, step.receiver))
    return errors


def _wrong_robot(row: Robot) -> dict[str, str]:
    """Where the address leads is checked again each time something is sent there."""
    if not row.address:
        return {"address": "请粘贴群机器人的 Webhook 地址。"}
    try:
        parts = urlsplit(row.address)
        sound = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or len(row.address) > 500 or not row.address.isascii() or not row.address.isprintable():
        return {"address": "这不是网址。请从群机器人的设置中复制完整的 Webhook 地址，以 https:// 开头。"}
    if parts.username or parts.password:
        return {"address": "地址中不能含有用户名和密码。"}
    if len(row.secret) > 200 or not row.secret.isascii():
        return {"secret": "加签密钥应是以 SEC 开头的一串字母和数字。"}
    return {}


def _ring(post: str, above: Mapping[str, str]) -> list[str]:
    """The posts of the ring in which this post lies; empty: the way up comes to an end."""
    way, here = [post], above.get(post, "")
    while here and here not in way:
        way.append(here)
        here = above.get(here, "")
    return way if here == post else []


def _own_company() -> int:
    writes = current().writes
    if len(writes) != 1:
        raise NotFound("请先选定一家企业。")
    return writes[0]
