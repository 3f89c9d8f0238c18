-- Fragment: who belongs to the scope of the one row of ``circle`` on its ``day``.
-- ``circle`` has department_id, position_id, level_id, band, employee_id, day.
member AS (
    -- somebody on staff on the day whose assignment of that day fits everything that is set
    SELECT e.id AS employee_id
    FROM circle
    JOIN people_employee AS e
        ON e.hire_date <= circle.day AND coalesce(e.exit_date, 'infinity') >= circle.day
    LEFT JOIN people_assignment AS a
        ON a.employee_id = e.id AND a.start_date <= circle.day AND coalesce(a.end_date, 'infinity') >= circle.day
    LEFT JOIN people_level AS l ON l.id = a.level_id
    WHERE (circle.employee_id IS NULL OR circle.employee_id = e.id)
        AND (circle.position_id IS NULL OR circle.position_id = a.position_id)
        AND (circle.level_id IS NULL OR circle.level_id = a.level_id)
        AND (circle.band = '' OR circle.band = l.band)
        AND (
            circle.department_id IS NULL
            OR a.department_id IN (
                SELECT descendant_id FROM people_departmentclosure
                WHERE ancestor_id = (SELECT department_id FROM circle)
            )
        )
)
