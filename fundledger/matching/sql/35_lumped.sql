-- The lines of a batch that was found in one sum.
INSERT INTO m_debit
SELECT m_lump.pass, m_left.l, m_lump.r, 1, 1, FALSE, FALSE, FALSE
FROM m_lump
JOIN m_b ON m_b.b = m_lump.b
JOIN m_left ON m_left.batch = m_b.batch
WHERE NOT m_left.settled AND NOT (m_lump.less_failed AND m_left.failed);

-- What is open of the other batches: what was settled before the first bank row is not.
CREATE OR REPLACE TEMP TABLE m_part AS
SELECT l, batch, fen, sent, failed
FROM m_left
WHERE batch <> ''
    AND NOT settled
    AND NOT EXISTS (
        SELECT 1 FROM m_lump JOIN m_b ON m_b.b = m_lump.b WHERE m_b.batch = m_left.batch
    );
