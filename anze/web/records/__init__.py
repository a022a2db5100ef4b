"""The pages of records: ledger, entry, review, sealing, the record itself, its print and its files."""
