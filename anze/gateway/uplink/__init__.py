"""Sockets around `wire/jt809/`: a company's account at an authority's platform (JT/T 809).

    sockets.py   the two links: opened, listened for, read, written
    positions.py what waits in `telemetry`, on its way up; it leaves there when the platform has read it
    asking.py    questions of the platform into rows, and the answers that persons gave out of them
    conversation.py  one account's questions, until they are rows, and its answers, until they have been read
    uplink.py    one account: its session, its timers, what each event leads to
    server.py    all accounts that are entered, one process at a time each; the graceful end

Rule: a question becomes a row before anything else, and nothing here answers one.
"""
