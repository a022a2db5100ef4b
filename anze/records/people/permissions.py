"""Which role may do what. The table stands beside the scope, so that every record app can ask it."""

from anze.records.acting.permissions import PERMISSIONS, VERBS, may, require

__all__ = ["PERMISSIONS", "VERBS", "may", "require"]
