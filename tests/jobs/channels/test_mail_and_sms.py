"""Mail and short messages: taken, refused, and unreachable."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from anze.jobs.channels import NotSent, send
from tests.jobs.channels.listening import answering, message, refusing_mail, saying

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def sender(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "安责 <anze@example.cn>"
    settings.EMAIL_USE_SSL = False


def letter(**changes: Any) -> Any:
    return message(channel="mail", to="li@example.cn", **changes)


def test_a_letter_has_the_mark_as_its_id():
    send(letter())
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("标题", ["li@example.cn"])
    assert sent.extra_headers["Message-ID"] == f"<{'0' * 32}@example.cn>"


@pytest.mark.parametrize(
    ("answers", "words", "for_good"),
    [
        ({"RCPT": "550 no such user"}, "不接受这个收件地址（550）", True),
        ({"RCPT": "450 try later"}, "不接受这个收件地址（450）", False),
        ({"MAIL": "554 go away"}, "拒收（554）", False),
    ],
)
def test_a_server_that_refuses_is_told(settings: Any, answers: dict[str, str], words: str, for_good: bool):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    with refusing_mail(answers) as settings.EMAIL_PORT, pytest.raises(NotSent) as caught:
        send(letter())
    assert words in str(caught.value)
    assert caught.value.for_good is for_good


def test_a_server_that_refuses_the_password_is_told(settings: Any):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "anze", "wrong"
    answers = {"EHLO": "250-mail\r\n250 AUTH PLAIN", "AUTH": "535 no"}
    with refusing_mail(answers) as settings.EMAIL_PORT, pytest.raises(NotSent, match="账号或密码"):
        send(letter())


def test_a_server_that_is_away_is_told(settings: Any):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    with pytest.raises(NotSent, match="无法连接邮件服务器"):
        send(letter())


def program(tmp_path: Path, text: str) -> str:
    path = tmp_path / "send.py"
    path.write_text(text, "utf-8")
    return f"{sys.executable} {path}"


def test_a_program_is_handed_one_object(settings: Any, tmp_path: Path):
    heard = tmp_path / "heard.json"
    text = f"import pathlib, sys\npathlib.Path({str(heard)!r}).write_text(sys.stdin.read())"
    settings.SMS_COMMAND = program(tmp_path, text)
    send(message(channel="sms", to="13800000000", text="$(reboot); `ls`"))
    assert json.loads(heard.read_text()) == {
        "id": "0" * 32,
        "phone": "13800000000",
        "text": "$(reboot); `ls`",
    }


def test_a_program_that_fails_hangs_or_is_missing_is_told(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.SMS_COMMAND = program(tmp_path, "raise SystemExit(3)")
    with pytest.raises(NotSent, match="报告失败（3）"):
        send(message(channel="sms"))
    settings.SMS_COMMAND = str(tmp_path / "missing")
    with pytest.raises(NotSent, match="无法运行"):
        send(message(channel="sms"))
    monkeypatch.setattr("anze.jobs.channels.sms.PATIENCE", 0.2)
    settings.SMS_COMMAND = program(tmp_path, "import time; time.sleep(5)")
    with pytest.raises(NotSent, match="规定时间"):
        send(message(channel="sms"))


def test_an_address_takes_a_short_message(settings: Any):
    settings.WEBHOOK_HTTP, settings.WEBHOOK_NETWORKS = True, ("127.0.0.1/32",)
    settings.SMS_TOKEN = "t0ken"
    with answering(saying(204)) as (settings.SMS_URL, heard):
        send(message(channel="sms", to="13800000000"))
    assert heard[0]["content"]["phone"] == "13800000000"
    assert heard[0]["headers"]["Authorization"] == "Bearer t0ken"
