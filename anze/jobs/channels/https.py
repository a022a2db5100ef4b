"""POST to an address that a company typed in, without letting it reach into our own network.

Rule 1: the name is resolved once; when any of its addresses is not a public one, nothing is sent. The socket
goes to the address that was checked, so that a name which answers differently the next time changes nothing.
Rule 2: HTTPS only; no redirect is followed; the answer is read up to a bound; after `TOTAL` seconds the
socket is shut down, however slowly the other side drips. Resolving has the resolver's own limits.
Rule 3: what an installation allows beyond that it names itself: plain HTTP, and networks of its own.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from anze.jobs.channels.problems import NotSent

CONNECT, READ, TOTAL = 5.0, 8.0, 12.0  # seconds
LARGEST = 64 * 1024  # bytes of an answer
NAT64 = ipaddress.ip_network("64:ff9b::/96")
IP = ipaddress.IPv4Address | ipaddress.IPv6Address


def post_json(url: str, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
    """The answer's JSON, None where it has none. Raises NotSent for anything but a 2xx."""
    parts = _parts(url)
    body = json.dumps(content, ensure_ascii=False).encode()
    sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "anze", **(headers or {})}
    try:
        with _connected(parts) as connection:
            path = parts.path or "/"
            connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, sent)
            with contextlib.closing(connection.getresponse()) as answer:
                _check_status(answer.status)
                return _json(answer.read(LARGEST + 1))
    except TimeoutError:
        raise NotSent("对方没有在规定时间内应答") from None
    except ssl.SSLError:
        raise NotSent("对方的证书不可信，或不支持加密连接") from None
    except (OSError, http.client.HTTPException):
        raise NotSent("无法与对方建立连接，或连接中断") from None


def _parts(url: str) -> SplitResult:
    parts = urlsplit(url)
    allowed = ("https", "http") if settings.WEBHOOK_HTTP else ("https",)
    if parts.scheme not in allowed or not parts.hostname:
        raise NotSent("地址不是 https 网址", for_good=True)
    return parts


def _check_status(status: int) -> None:
    if 300 <= status < 400:
        raise NotSent("对方要求转到另一个地址，已按规定不跟随")
    if not 200 <= status < 300:
        raise NotSent(f"对方应答 HTTP {status}")


def _json(body: bytes) -> Any:
    if len(body) > LARGEST:
        raise NotSent("对方的应答过长")
    try:
        return json.loads(body)
    except ValueError:
        return None


@contextmanager
def _connected(parts: SplitResult) -> Iterator[http.client.HTTPConnection]:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = checked_address(host, port)
    plain = socket.create_connection((str(address), port), timeout=CONNECT)
    plain.settimeout(READ)
    # Once wrapped in TLS the plain object owns no descriptor; the timer has to hold the one in use.
    held = [plain]
    end = threading.Timer(TOTAL, lambda: _shut(held[-1]))
    end.start()
    try:
        if parts.scheme == "https":
            held.append(ssl.create_default_context().wrap_socket(plain, server_hostname=host))
        connection = http.client.HTTPConnection(host, port, timeout=READ)
        connection.sock = held[-1]
        yield connection
    finally:
        end.cancel()
        held[-1].close()


def _shut(held: socket.socket) -> None:
    with contextlib.suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)


def checked_address(host: str, port: int) -> IP:
    """The address to connect to. Raises NotSent unless all of the name's addresses may be reached."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("找不到对方的地址") from None
    addresses = [ipaddress.ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]
    if not addresses or not all(map(reachable, addresses)):
        raise NotSent("地址指向内部网络，不允许发送", for_good=True)
    return addresses[0]


def reachable(address: IP) -> bool:
    """A public unicast address, or one of the networks that the installation names."""
    if any(address in ipaddress.ip_network(name) for name in settings.WEBHOOK_NETWORKS):
        return True
    inner = _inner(address)
    if inner is not None:
        return reachable(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: IP) -> ipaddress.IPv4Address | None:
    """The IPv4 address to which an IPv6 one leads in the end."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
