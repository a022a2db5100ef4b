"""The database itself refuses to change what was concluded or cancelled, and what was answered and drawn for it.

Loaders that are not bound by row-level security may insert the parts of assessments that they insert concluded.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION assessments_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('concluded', 'cancelled') THEN
        RAISE EXCEPTION 'assessment % never changes', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER assessments_guard BEFORE UPDATE OR DELETE ON assessments_assessment
    FOR EACH ROW EXECUTE FUNCTION assessments_guard();
CREATE FUNCTION assessments_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whole bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.assessment_id ELSE OLD.assessment_id END;
BEGIN
    IF TG_OP = 'INSERT' AND NOT row_security_active('assessments_assessment') THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM assessments_assessment WHERE id = whole AND status IN ('concluded', 'cancelled')) THEN
        RAISE EXCEPTION 'assessment % never changes', whole USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
PARTS = ("member", "share", "finding", "answer", "omission", "photo", "sample")
ON_PARTS = "".join(
    f"CREATE TRIGGER assessments_{part}_guard BEFORE INSERT OR UPDATE OR DELETE ON assessments_{part} "
    f"FOR EACH ROW EXECUTE FUNCTION assessments_part_guard();\n"
    for part in PARTS
)
DROP = (
    "".join(f"DROP TRIGGER assessments_{part}_guard ON assessments_{part};\n" for part in PARTS)
    + """
DROP FUNCTION assessments_part_guard();
DROP TRIGGER assessments_guard ON assessments_assessment;
DROP FUNCTION assessments_guard();
"""
)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]

    operations = [migrations.RunSQL(GUARD + ON_PARTS, DROP)]
