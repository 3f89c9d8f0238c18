from django.db import migrations

# what counts after each record, where the cap itself may move from record to record; a null cap is none
CREATE = """
CREATE FUNCTION training_capped_step(total numeric, worth numeric, cap numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT greatest(total, least(total + worth, cap))';
CREATE AGGREGATE training_capped_sum(worth numeric, cap numeric) (
    SFUNC = training_capped_step, STYPE = numeric, INITCOND = '0', PARALLEL = SAFE
)
"""
DROP = """
DROP AGGREGATE training_capped_sum(numeric, numeric);
DROP FUNCTION training_capped_step(numeric, numeric, numeric)
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0003_add_year_changed")]
    operations = [migrations.RunSQL(CREATE, DROP)]
