"""交接单: drawn up, signed, printed; and what has not been handed over."""
