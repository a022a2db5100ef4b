"""一人一档, 一车一档 and 到期预警: read from the registry and the sealed records, nothing is kept here."""
