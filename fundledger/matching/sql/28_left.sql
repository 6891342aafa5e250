-- The lines that were sent, and nothing has decided yet.
CREATE OR REPLACE TEMP TABLE m_left AS
WITH undecided AS (
    SELECT l
    FROM m_l
    WHERE sent IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM m_debit WHERE m_debit.l = m_l.l)
        AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.l = m_l.l)
)
SELECT m_l.l, m_l.batch, m_l.fen, m_l.sent, m_l.failed, m_l.settled, m_l.awaited
FROM undecided
JOIN m_l ON m_l.l = undecided.l;
