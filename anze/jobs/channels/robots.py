"""The group robots of WeCom (企业微信) and DingTalk (钉钉), as their webhooks take messages.

Both answer HTTP 200 also when they refuse: `errcode` 0 alone means taken. Formats, limits and the meaning of
the codes are from published examples of both platforms, not tried against them (unverified).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import quote_plus

from anze.jobs.channels.https import post_json
from anze.jobs.channels.problems import NotSent
from anze.records.reminders.outbox import Outgoing

MEANINGS = {
    45009: "发送过于频繁，稍后重试",  # WeCom
    93000: "机器人地址无效或机器人已被移除",  # WeCom
    300001: "机器人地址无效",  # DingTalk
    310000: "未通过机器人的安全设置，请检查加签密钥、关键词和 IP 段",  # DingTalk
    130101: "发送过于频繁，稍后重试",  # DingTalk
}


def send_wecom(message: Outgoing) -> None:
    text: dict[str, Any] = {"content": message.text}
    if message.to:
        text["mentioned_mobile_list"] = [message.to]
    _post(message.robot, message, {"msgtype": "text", "text": text})


def send_dingtalk(message: Outgoing) -> None:
    content: dict[str, Any] = {"msgtype": "text", "text": {"content": message.text}}
    if message.to:
        content["at"] = {"atMobiles": [message.to], "isAtAll": False}
    address = signed(message.robot, message.secret, round(time.time() * 1000))
    _post(address, message, content)


def signed(address: str, secret: str, milliseconds: int) -> str:
    """DingTalk's 加签: HMAC-SHA256 over the instant and the secret, keyed with the secret."""
    if not secret:
        return address
    text = f"{milliseconds}\n{secret}".encode()
    sign = base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest())
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}timestamp={milliseconds}&sign={quote_plus(sign)}"


def _post(address: str, message: Outgoing, content: dict[str, Any]) -> None:
    answer = post_json(address, content, {"X-Anze-Message": message.mark})
    code = answer.get("errcode") if isinstance(answer, dict) else None
    if not isinstance(code, int):
        raise NotSent("对方的应答不是群机器人的应答，请核对地址")
    if code != 0:
        raise NotSent(f"对方拒收，错误码 {code}：{MEANINGS.get(code, '请查阅平台说明')}")
