"""JT/T 809: what a company's platform and the authority's say to each other. No sockets, no clock.

docs/algorithms/jt809.md gives the guarantees. Its message ids are a space of their own.
"""
