"""Webhooks: what the robots are told, how they refuse, and that nobody is led into our own network."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from anze.jobs.channels import NotSent, https, send
from anze.jobs.channels.https import checked_address, post_json, reachable
from anze.jobs.channels.robots import signed
from tests.jobs.channels.listening import answering, dripping, message, saying, silent

OK = saying(200, {"errcode": 0, "errmsg": "ok"})


@pytest.fixture
def own_network(settings: Any) -> None:
    """As an installation allows its own relay."""
    settings.WEBHOOK_HTTP = True
    settings.WEBHOOK_NETWORKS = ("127.0.0.1/32",)


def refusal(answer: Any, **changes: Any) -> NotSent:
    with answering(answer) as (address, _), pytest.raises(NotSent) as caught:
        send(message(robot=address, **changes))
    assert "127.0.0.1" not in str(caught.value)
    return caught.value


@pytest.mark.usefixtures("own_network")
def test_wecom_is_told_text_and_whom_to_name():
    with answering(OK) as (address, heard):
        send(message(robot=address, to="13800000000"))
    (told,) = heard
    assert told["content"] == {
        "msgtype": "text", "text": {"content": "正文", "mentioned_mobile_list": ["13800000000"]},
    }  # fmt: skip
    assert told["headers"]["X-Anze-Message"] == "0" * 32


@pytest.mark.usefixtures("own_network")
def test_dingtalk_is_told_text_and_signed_for():
    with answering(OK) as (address, heard):
        send(message(channel="dingtalk", robot=address, secret="SECabc", to="13800000000"))
        send(message(channel="dingtalk", robot=address))
    assert heard[0]["content"] == {
        "msgtype": "text",
        "text": {"content": "正文"},
        "at": {"atMobiles": ["13800000000"], "isAtAll": False},
    }
    assert "&timestamp=" in heard[0]["path"]
    assert "&sign=" in heard[0]["path"]
    assert heard[1]["content"] == {"msgtype": "text", "text": {"content": "正文"}}
    assert "sign" not in heard[1]["path"]


def test_the_signature_is_that_of_the_published_example():
    """HMAC-SHA256 of "instant\\nsecret" keyed with the secret, base64, quoted; computed by openssl."""
    assert signed("https://a/send?access_token=1", "this is secret", 1577262236757) == (
        "https://a/send?access_token=1&timestamp=1577262236757"
        "&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"
    )
    assert signed("https://a/send", "x", 1).startswith("https://a/send?timestamp=1&sign=")


@pytest.mark.usefixtures("own_network")
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (saying(500), "HTTP 500"),
        (saying(200, {"errcode": 93000, "errmsg": "invalid webhook url"}), "错误码 93000：机器人地址无效"),
        (saying(200, {"errcode": 7, "errmsg": "secret"}), "错误码 7：请查阅"),
        (saying(200, {"errcode": "0"}), "不是群机器人的应答"),
        (saying(200), "不是群机器人的应答"),
        (saying(200, ["x" * (https.LARGEST + 10)]), "过长"),
        (saying(302, Location="http://127.0.0.1/"), "不跟随"),
    ],
)
def test_a_refusal_is_told_in_plain_words(answer: Any, words: str):
    assert words in str(refusal(answer))


@pytest.mark.usefixtures("own_network")
def test_a_webhook_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(https, "READ", 0.2)
    assert "规定时间" in str(refusal(silent))


@pytest.mark.usefixtures("own_network")
def test_a_webhook_that_drips_is_left_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(https, "TOTAL", 0.4)
    assert not refusal(dripping(3)).for_good


@pytest.mark.usefixtures("own_network")
def test_a_redirect_to_a_private_address_is_not_followed():
    with answering(OK) as (inner, heard):
        assert "不跟随" in str(refusal(saying(307, Location=inner)))
    assert heard == []


def test_this_machine_is_no_webhook(settings: Any):
    settings.WEBHOOK_HTTP = True
    with answering(OK) as (address, heard), pytest.raises(NotSent, match="内部网络") as caught:
        send(message(robot=address))
    assert heard == []
    assert caught.value.for_good


def test_without_leave_nothing_goes_unencrypted(settings: Any):
    settings.WEBHOOK_NETWORKS = ("127.0.0.1/32",)
    with answering(OK) as (address, heard), pytest.raises(NotSent, match="https"):
        send(message(robot=address))
    assert heard == []


@pytest.mark.usefixtures("own_network")
def test_what_does_not_speak_tls_is_refused():
    with answering(OK) as (address, _), pytest.raises(NotSent, match=r"证书|连接"):
        post_json(address.replace("http://", "https://"), {})


@pytest.mark.usefixtures("own_network")
def test_a_closed_port_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NotSent, match="无法与对方建立连接"):
        post_json(f"http://127.0.0.1:{port}/", {})


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """DNS that gives one answer after the other; what was asked."""
    asked: list[str] = []
    left = list(answers)

    def answer(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        addresses = left.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(https.socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize(
    "answer", [["10.0.0.8"], ["8.8.8.8", "192.168.1.4"], ["169.254.169.254"], ["224.0.0.1"], ["::1"], []]
)
def test_a_name_with_any_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, answer: list[str]):
    resolving(monkeypatch, answer)
    with pytest.raises(NotSent, match="内部网络"):
        checked_address("robot.example", 443)


def test_a_name_is_resolved_once_and_its_address_kept(monkeypatch: pytest.MonkeyPatch):
    """A name that answers differently the second time (DNS rebinding) is not asked a second time."""
    asked = resolving(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    reached: list[object] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        reached.append(address)
        raise OSError

    monkeypatch.setattr(https.socket, "create_connection", connect)
    with pytest.raises(NotSent, match="建立连接"):
        post_json("https://robot.example/send", {})
    assert asked == ["robot.example"]
    assert reached == [("93.184.216.34", 443)]


def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(https.socket, "getaddrinfo", fail)
    with pytest.raises(NotSent, match="找不到"):
        checked_address("robot.example", 443)


@pytest.mark.parametrize(
    ("address", "open_to_us"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("0.0.0.0", False),
        ("100.64.0.1", False), ("240.0.0.1", False), ("255.255.255.255", False), ("fe80::1", False),
        ("fd00::1", False), ("ff02::1", False), ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False), ("64:ff9b::808:808", True), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_only_public_addresses_are_reached(address: str, open_to_us: bool):
    import ipaddress

    assert reachable(ipaddress.ip_address(address)) is open_to_us
