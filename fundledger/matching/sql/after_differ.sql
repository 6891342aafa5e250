-- Reference and account agree for one and one, and the amount does not: told, and never matched.
INSERT INTO m_odd
SELECT
    CASE WHEN m_open_r.fen < m_open_l.fen THEN 'short-paid' ELSE 'over-paid' END,
    '{name}', '{name} ' || CAST(m_met.l AS VARCHAR), m_met.l, NULL, m_met.r, 1, 1
FROM m_met
JOIN m_open_l ON m_open_l.l = m_met.l
JOIN m_open_r ON m_open_r.r = m_met.r
WHERE m_met.of_all = 1;

CREATE OR REPLACE TEMP TABLE m_open_l AS
SELECT * FROM m_open_l
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.l = m_open_l.l AND m_met.of_all = 1);

CREATE OR REPLACE TEMP TABLE m_open_r AS
SELECT * FROM m_open_r
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.r = m_open_r.r AND m_met.of_all = 1);
