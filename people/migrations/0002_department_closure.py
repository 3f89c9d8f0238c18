from django.db import migrations

VIEW = """
CREATE VIEW people_departmentclosure AS
WITH RECURSIVE walk AS (
    -- a department with itself
    SELECT id AS ancestor_id, id AS descendant_id, 0 AS depth FROM people_department
    UNION ALL
    -- one step further down
    SELECT walk.ancestor_id, child.id, walk.depth + 1
    FROM walk JOIN people_department child ON child.parent_id = walk.descendant_id
    WHERE walk.depth < 50
)
SELECT ancestor_id || '-' || descendant_id AS id, ancestor_id, descendant_id, depth FROM walk
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW people_departmentclosure")]
