"""Small servers on this machine that answer as a webhook or a mail server might."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from anze.records.reminders.outbox import Outgoing

Answer = Callable[[BaseHTTPRequestHandler], None]


def message(**changes: Any) -> Outgoing:
    values: dict[str, Any] = {
        "id": 1, "company_id": 1, "channel": "wecom", "mark": "0" * 32, "title": "标题", "text": "正文",
    }  # fmt: skip
    return Outgoing(**(values | changes))


@contextmanager
def answering(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The address, and what was posted there: path, headers, content."""
    heard: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append({"path": self.path, "headers": dict(self.headers), "content": json.loads(body)})
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # closing waits for them: none is left with an open socket
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/send?key=abcd", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def saying(status: int, content: object = None, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def dripping(seconds: float) -> Answer:
    """One byte of a header at a time: each read succeeds, the whole never ends."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        until = time.monotonic() + seconds
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        try:
            while time.monotonic() < until:
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    return answer


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.6)


@contextmanager
def refusing_mail(after: dict[str, str]) -> Iterator[int]:
    """A mail server's port; `after`: command -> what it answers, 250 to all others."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 mail\r\n")
                for line in lines:
                    word = line.decode().split(":")[0].split()[0].upper()
                    reply = after.get(word, "250 ok")
                    connection.sendall(f"{reply}\r\n".encode())
                    if word == "QUIT":
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)
