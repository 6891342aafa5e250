-- Lines that were paid and did not come back, of roots that were issued again: the root is the id without its number.
CREATE OR REPLACE TEMP TABLE m_again AS
SELECT DISTINCT SUBSTRING(line, 1, 14) AS root FROM m_l WHERE CHAR_LENGTH(line) > 14;

-- if any

INSERT INTO m_kept
SELECT m_again.root, m_l.l, m_debit.r
FROM m_l
JOIN m_again ON m_again.root = SUBSTRING(m_l.line, 1, 14)
LEFT JOIN m_debit ON m_debit.l = m_l.l
LEFT JOIN m_back ON m_back.l = m_l.l
WHERE NOT m_l.credited AND m_back.l IS NULL
    AND (m_debit.l IS NOT NULL OR (m_l.debited IS NOT NULL AND NOT m_l.failed));
