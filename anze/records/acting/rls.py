"""Row-level security: what stands behind the managers, so that a raw join leaks nothing.

Every table with a `company_id`, and the company table itself, shows the rows of `anze.reads` and takes the
rows of `anze.writes`. The functions raise when no scope was told: an empty answer would hide the mistake.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

SCOPE_FUNCTION = """
CREATE OR REPLACE FUNCTION anze_{name}() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE told text := current_setting('anze.{name}', true);
BEGIN
    IF told IS NULL OR told = '' THEN
        RAISE EXCEPTION 'no scope: anze.{name} is not set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN string_to_array(told, ',')::bigint[];
END $$
"""
# The sweep asks which companies there are before it has a scope: ids, nothing else.
COMPANY_IDS = """
CREATE OR REPLACE FUNCTION anze_company_ids() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT id FROM tenants_company ORDER BY id;
END $$
"""
READS = "{column} IN (SELECT unnest(anze_reads()))"
WRITES = "{column} IN (SELECT unnest(anze_writes()))"
AUTHORITY = "authority_id = NULLIF(current_setting('anze.authority', true), '')::bigint"

# Of an authority; also shown to each company in scope that was under it on a day of the period.
BOUND = """({authority}) OR EXISTS (
    SELECT 1 FROM tenants_supervision s WHERE s.authority_id = key_periods_declaration.authority_id
    AND s.company_id IN (SELECT unnest(anze_reads()))
    AND s.since < key_periods_declaration.ends
    AND (s.until IS NULL OR s.until > key_periods_declaration.begins)
    AND (cardinality(companies) = 0 OR s.company_id = ANY(companies)))"""

COMPANY_TABLE = "tenants_company"
DECLARATIONS = "key_periods_declaration"
JOURNAL = ("journal_entry", "journal_chain", "health_check")
# Read before any scope exists, by sign-in and by the officer's list of companies.
OPEN = ("people_account", "tenants_supervision")
GRANTS = {
    "journal_entry": "SELECT, INSERT",
    "journal_chain": "SELECT, INSERT, UPDATE",
    "signatures_signature": "SELECT, INSERT",
    "signatures_text": "SELECT, INSERT",
    "reminders_sent": "SELECT, INSERT",
    "evidence_stamped_copy": "SELECT, INSERT",
    "handovers_handover": "SELECT, INSERT",
    "handovers_signature": "SELECT, INSERT",
    "confirmations_confirmation": "SELECT, INSERT, UPDATE",
    "assessments_assessment": "SELECT, INSERT, UPDATE",
    "assessments_finding": "SELECT, INSERT",
    "assessments_answer": "SELECT, INSERT, UPDATE",
    "assessments_omission": "SELECT, INSERT, UPDATE",
    "assessments_sample": "SELECT, INSERT",
    "assessments_replacement": "SELECT, INSERT",
    "assessments_quiz": "SELECT, INSERT",
    "assessments_reply": "SELECT, INSERT",
    "assessments_own_question": "SELECT, INSERT, UPDATE",
    "assessments_correction": "SELECT, INSERT, DELETE",
    "django_migrations": "SELECT",
}


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table under row-level security."""

    table: str
    using: str
    check: str


def guarded_tables(cursor: CursorWrapper) -> list[Guarded]:
    """Every table that holds a company's rows, and the one of what authorities declare."""
    cursor.execute(
        "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t "
        "USING (table_schema, table_name) WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
        "AND c.column_name = 'company_id' ORDER BY 1"
    )
    tables = [name for (name,) in cursor.fetchall() if name not in OPEN]
    cursor.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = %s", [DECLARATIONS])
    declared = Guarded(DECLARATIONS, BOUND.format(authority=AUTHORITY), AUTHORITY)
    others = [declared] if cursor.fetchone() else []
    return [_company_rows(COMPANY_TABLE, "id"), *(_rule_of(name) for name in tables), *others]


def _company_rows(table: str, column: str) -> Guarded:
    return Guarded(table, READS.format(column=column), WRITES.format(column=column))


def _rule_of(table: str) -> Guarded:
    rows = _company_rows(table, "company_id")
    if table not in JOURNAL:
        return rows
    return Guarded(table, f"({AUTHORITY}) OR ({rows.using})", f"({AUTHORITY}) OR ({rows.check})")


def _clauses(rule: Guarded) -> list[tuple[str, str]]:
    """By command: a row that may only be read is neither deleted nor moved into a writable company."""
    return [
        ("select", f"USING ({rule.using})"),
        ("insert", f"WITH CHECK ({rule.check})"),
        ("update", f"USING ({rule.check}) WITH CHECK ({rule.check})"),
        ("delete", f"USING ({rule.check})"),
    ]


def provision(cursor: CursorWrapper, role: str = "anze_app") -> None:
    """Bring functions, policies and grants to what this version says. Runs as the owner; safe to repeat."""
    for name in ("reads", "writes"):
        cursor.execute(SCOPE_FUNCTION.format(name=name))
    cursor.execute(COMPANY_IDS)
    for rule in guarded_tables(cursor):
        cursor.execute(f'ALTER TABLE "{rule.table}" ENABLE ROW LEVEL SECURITY')
        for command, clause in _clauses(rule):
            cursor.execute(f'DROP POLICY IF EXISTS company_{command} ON "{rule.table}"')
            cursor.execute(f'CREATE POLICY company_{command} ON "{rule.table}" FOR {command} {clause}')
    _grant(cursor, role)


def _grant(cursor: CursorWrapper, role: str) -> None:
    cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    cursor.execute(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
    cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"')
    cursor.execute("REVOKE ALL ON FUNCTION anze_company_ids() FROM PUBLIC")
    cursor.execute(f'GRANT EXECUTE ON FUNCTION anze_company_ids() TO "{role}"')
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    present = {name for (name,) in cursor.fetchall()}
    for table, rights in GRANTS.items():
        if table in present:
            cursor.execute(f'REVOKE ALL ON "{table}" FROM "{role}"')
            cursor.execute(f'GRANT {rights} ON "{table}" TO "{role}"')
