"""JT/T 808: bytes and instants in, messages and events out. No sockets, no clock.

docs/algorithms/wire.md gives the guarantees.
"""
