"""Printed papers come back: scanned by the code on them, signed and stamped, to the record they belong to."""
