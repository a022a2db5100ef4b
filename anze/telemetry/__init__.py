"""Positions, their terminals and vehicles: the only meeting point of gateway and records.

`boundary.py` is what a store of positions promises; `writer.py` keeps the promise with PostgreSQL.
`track.py` answers a vehicle's way across tables and files, `cold.py` moves days into files, `directory.py`
knows the terminals. Plain SQL and psycopg: nothing here knows Django.
"""
