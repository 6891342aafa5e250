-- The lines of a batch that was found in one sum are no longer open.
CREATE OR REPLACE TEMP TABLE m_lump_l AS
SELECT m_lump.pass, m_l.l, m_lump.r
FROM m_lump
JOIN m_b ON m_b.b = m_lump.b
JOIN m_l ON m_l.batch = m_b.batch
WHERE m_l.sent IS NOT NULL AND NOT (m_lump.less_failed AND m_l.failed);

CREATE OR REPLACE TEMP TABLE m_open_l AS
SELECT * FROM m_open_l
WHERE NOT EXISTS (
    SELECT 1 FROM m_lump JOIN m_b ON m_b.b = m_lump.b WHERE m_b.batch = m_open_l.batch
);

-- Every debit of a line: alone or in a lump.
CREATE OR REPLACE TEMP TABLE m_debit AS
SELECT pass, l, r, nth, of_all FROM m_pair
UNION ALL
SELECT pass, l, r, 1, 1 FROM m_lump_l;
