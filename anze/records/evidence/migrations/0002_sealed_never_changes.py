"""The database itself refuses to change what was sealed.

A row that left `draft` may only move on to `superseded` or `void`. Participants, subjects and attachments follow
their record. Loaders that are not bound by row-level security may insert parts of records that they insert sealed.
"""

from django.db import migrations

GUARD_RECORD = """
CREATE FUNCTION evidence_record_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving constant text[] := ARRAY['status', 'void_reason', 'voided_at'];
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'sealed record % is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF to_jsonb(NEW) - moving IS DISTINCT FROM to_jsonb(OLD) - moving
       OR (OLD.status, NEW.status) NOT IN (('sealed', 'superseded'), ('sealed', 'void'), ('sealed', 'sealed')) THEN
        RAISE EXCEPTION 'sealed record % never changes', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_record_guard BEFORE UPDATE OR DELETE ON evidence_record
    FOR EACH ROW EXECUTE FUNCTION evidence_record_guard();
"""

GUARD_PARTS = """
CREATE FUNCTION evidence_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE record bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.record_id ELSE OLD.record_id END;
BEGIN
    IF TG_OP = 'INSERT' AND NOT row_security_active('evidence_record') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.record_id <> OLD.record_id THEN
        RAISE EXCEPTION 'a part stays with its record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM evidence_record WHERE id = record AND status <> 'draft') THEN
        RAISE EXCEPTION 'sealed record % never changes', record USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER evidence_participation_guard BEFORE INSERT OR UPDATE OR DELETE ON evidence_participation
    FOR EACH ROW EXECUTE FUNCTION evidence_part_guard();
CREATE TRIGGER evidence_subject_guard BEFORE INSERT OR UPDATE OR DELETE ON evidence_subject
    FOR EACH ROW EXECUTE FUNCTION evidence_part_guard();
CREATE TRIGGER evidence_attachment_guard BEFORE INSERT OR UPDATE OR DELETE ON evidence_attachment
    FOR EACH ROW EXECUTE FUNCTION evidence_part_guard();
"""

DROP = """
DROP TRIGGER evidence_attachment_guard ON evidence_attachment;
DROP TRIGGER evidence_subject_guard ON evidence_subject;
DROP TRIGGER evidence_participation_guard ON evidence_participation;
DROP FUNCTION evidence_part_guard();
DROP TRIGGER evidence_record_guard ON evidence_record;
DROP FUNCTION evidence_record_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [migrations.RunSQL(GUARD_RECORD + GUARD_PARTS, DROP)]
