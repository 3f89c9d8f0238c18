from django.db import migrations

VIEW = """
CREATE VIEW training_categoryclosure AS
WITH RECURSIVE walk AS (
    -- a category with itself
    SELECT id AS ancestor_id, id AS descendant_id, 0 AS depth FROM training_category
    UNION ALL
    -- one step further down
    SELECT walk.ancestor_id, child.id, walk.depth + 1
    FROM walk JOIN training_category child ON child.parent_id = walk.descendant_id
    WHERE walk.depth < 50
)
SELECT ancestor_id || '-' || descendant_id AS id, ancestor_id, descendant_id, depth FROM walk
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW training_categoryclosure")]
