from django.db import migrations

# pghistory's own function catches an error for every row that is changed outside a context. Each catch undoes a
# subtransaction, which walks all triggers still waiting in the transaction: 100,000 rows took minutes, not seconds.
FAST = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE AS $$
DECLARE
    _pgh_context_id UUID := nullif(current_setting('pghistory.context_id', true), '');
    _pgh_context_metadata JSONB := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
    IF _pgh_context_id IS NULL OR _pgh_context_metadata IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
    VALUES (_pgh_context_id, _pgh_context_metadata, now(), now())
    ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
        WHERE pghistory_context.metadata != EXCLUDED.metadata;
    RETURN _pgh_context_id;
END
$$ LANGUAGE plpgsql
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_department_closure"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = [migrations.RunSQL(FAST, migrations.RunSQL.noop)]
