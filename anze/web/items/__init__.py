"""待落实事项: what meetings decided, plans set and inspections found, until it is settled."""
