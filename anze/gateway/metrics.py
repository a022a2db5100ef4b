"""What a gateway counts, in Prometheus' words."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """One process's own registry: several gateways in one test count apart."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.links = self._gauge("links", "open connections")
        self.terminals = self._gauge("terminals", "authenticated terminals")
        self.waiting = self._gauge("waiting_rows", "positions waiting for their group commit")
        self.positions = self._counter("positions", "positions committed, by outcome", "outcome")
        self.commits = self._histogram("commit_seconds", "a group commit")
        self.acknowledged = self._histogram("acknowledge_seconds", "from receipt to acknowledgement")
        self.failed_commits = self._counter("failed_commits", "group commits that have to be tried again")
        self.bad = self._counter("bad", "frames and messages that could not be used, by reason", "reason")
        self.unkept = self._counter("unkept", "of those, not kept with their bytes because too many came")
        self.refused_links = self._counter("refused_links", "connections refused at the door")
        self.closed = self._counter("closed", "connections closed by the gateway, by reason", "reason")
        self.paused = self._counter("paused", "times a connection was not read from, by reason", "reason")
        self.commands = self._counter("commands", "commands to terminals, by outcome", "outcome")

    def serve(self, port: int) -> None:
        start_http_server(port, addr="127.0.0.1", registry=self.registry)

    def _gauge(self, name: str, words: str) -> Gauge:
        return Gauge(f"anze_gateway_{name}", words, registry=self.registry)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"anze_gateway_{name}", words, labels, registry=self.registry)

    def _histogram(self, name: str, words: str) -> Histogram:
        return Histogram(f"anze_gateway_{name}", words, buckets=SECONDS, registry=self.registry)
