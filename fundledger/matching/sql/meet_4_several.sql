CREATE OR REPLACE TEMP TABLE m_several AS
WITH more AS (SELECT k FROM m_side_l GROUP BY k HAVING COUNT(*) > 1 OR MIN(m) > 1)
SELECT m_key.k, m_key.k1, m_key.k2, m_key.fen
FROM more
JOIN m_key ON m_key.k = more.k;
