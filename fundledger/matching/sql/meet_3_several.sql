-- Keys of more than one and one: their events in order of days, a line before a row of its day.
CREATE OR REPLACE TEMP TABLE m_event AS
SELECT m_key.k, m_side_l.since AS "day", 0 AS side, m_side_l.l AS id, m_side_l.own, m_side_l.tag
FROM m_key
JOIN m_side_l
    ON m_side_l.k1 = m_key.k1 AND m_side_l.k2 = m_key.k2 AND m_side_l.fen = m_key.fen
WHERE m_key.n > 1 OR m_key.m > 1
UNION ALL
SELECT m_key.k, m_side_r."day", 1, m_side_r.r, m_side_r."day", m_side_r.tag
FROM m_key
JOIN m_side_r
    ON m_side_r.k1 = m_key.k1 AND m_side_r.k2 = m_key.k2 AND m_side_r.fen = m_key.fen
WHERE m_key.n > 1 OR m_key.m > 1;
