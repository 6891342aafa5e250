CREATE OR REPLACE TEMP TABLE m_met AS
SELECT
    MIN(l) AS l, k AS r, 1 AS nth, 1 AS of_all, FALSE AS by_name,
    MIN(CASE WHEN tag <> other AND tag <> '' AND other <> '' THEN 1 ELSE 0 END) = 1 AS other_tag
FROM m_side_l
WHERE m = 1
GROUP BY k
HAVING COUNT(*) = 1 AND MIN("day") BETWEEN MIN(since) AND MIN(since) + {window};
