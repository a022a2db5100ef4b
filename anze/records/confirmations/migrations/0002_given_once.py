"""The database itself refuses to change or delete a confirmation that was given."""

from django.db import migrations

GUARD = """
CREATE FUNCTION confirmations_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.confirmed_at IS NOT NULL THEN
        RAISE EXCEPTION 'confirmation % never changes', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER confirmations_guard BEFORE UPDATE OR DELETE ON confirmations_confirmation
    FOR EACH ROW EXECUTE FUNCTION confirmations_guard();
"""
UNGUARD = """
DROP TRIGGER confirmations_guard ON confirmations_confirmation;
DROP FUNCTION confirmations_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("confirmations", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
