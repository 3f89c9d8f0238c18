-- Points of a year by month of the learning and category. Parameters: year. Adjustments count in the month of booking.
SELECT
    to_char(coalesce(r.happened_on, b.created_at), 'YYYY-MM') AS month,
    e.category_id, sum(e.amount)::float AS points, count(*) AS entries
FROM training_ledgerentry AS e
LEFT JOIN training_learningrecord AS r ON r.id = e.record_id
LEFT JOIN training_bookingbatch AS b ON b.id = e.batch_id AND e.record_id IS NULL
WHERE e.year_id = %(year)s
GROUP BY 1, 2
ORDER BY 1, 2
