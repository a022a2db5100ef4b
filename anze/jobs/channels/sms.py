"""Short messages by whatever provider the installation has: a program, or an HTTP address.

Either is handed one JSON object: `id` (the same at each attempt), `phone`, `text`. The program reads it from
its standard input and ends with 0 when the provider has taken it; the address answers with a 2xx.
"""

from __future__ import annotations

import json
import shlex
import subprocess

from django.conf import settings

from anze.jobs.channels.https import post_json
from anze.jobs.channels.problems import NotSent
from anze.records.reminders.outbox import Outgoing

PATIENCE = 15.0  # seconds


def send(message: Outgoing) -> None:
    content = {"id": message.mark, "phone": message.to, "text": message.text}
    if settings.SMS_COMMAND:
        _run(content)
    else:
        headers = {"Authorization": f"Bearer {settings.SMS_TOKEN}"} if settings.SMS_TOKEN else {}
        post_json(settings.SMS_URL, content, headers)


def _run(content: dict[str, str]) -> None:
    """Without a shell: nothing of the message is ever read as a command."""
    try:
        done = subprocess.run(
            shlex.split(settings.SMS_COMMAND),
            input=json.dumps(content, ensure_ascii=False).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotSent("短信程序没有在规定时间内结束") from None
    except OSError:
        raise NotSent("短信程序无法运行") from None
    if done.returncode != 0:
        raise NotSent(f"短信程序报告失败（{done.returncode}）")
