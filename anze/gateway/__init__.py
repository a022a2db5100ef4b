"""Sockets around `wire/`: terminals in, group commits into `telemetry/`, commands down.

    link.py      one connection: bytes to its session, acknowledgements back, reading paused when it must
    commits.py   rows waiting for the next group commit; an acknowledgement leaves after it
    fleet.py     which terminal speaks on which link; the newest connection wins, also across processes
    admission.py how many connections and frames one address may bring
    gateway.py   what each event leads to
    control.py   commands and traces that the application asks for in the database
    server.py    listening, TLS, metrics, the graceful end
    uplink/      links to authorities' platforms (JT/T 809)

Rule: nothing is acknowledged before it is durable. Nothing here knows Django or records.
"""
