"""The company at a glance: posts by months."""
