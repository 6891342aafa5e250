-- The lines of a batch that was found in one sum.
INSERT INTO m_debit
SELECT m_lump.pass, m_l.l, m_lump.r, 1, 1, FALSE
FROM m_lump
JOIN m_b ON m_b.b = m_lump.b
JOIN m_l ON m_l.batch = m_b.batch
WHERE m_l.sent IS NOT NULL AND NOT (m_lump.less_failed AND m_l.failed);

-- What is left of each batch.
CREATE OR REPLACE TEMP TABLE m_left AS
SELECT l, batch, fen, sent, failed
FROM m_open_l
WHERE sent IS NOT NULL
    AND batch <> ''
    AND NOT EXISTS (
        SELECT 1 FROM m_lump JOIN m_b ON m_b.b = m_lump.b WHERE m_b.batch = m_open_l.batch
    );
