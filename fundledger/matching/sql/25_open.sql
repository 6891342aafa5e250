-- What the passes look at: debits that name no line, and not two batches, and are not of a whole batch.
CREATE OR REPLACE TEMP TABLE m_open_r AS
SELECT
    m_bank.r, m_bank."day", -m_bank.signed_fen AS fen, m_bank.serial, m_bank.account, m_bank.person,
    COALESCE(m_of_batch.batch, '') AS batch
FROM m_bank
LEFT JOIN m_of_batch ON m_of_batch.r = m_bank.r
WHERE m_bank.signed_fen < 0
    AND m_bank.named = ''
    AND COALESCE(m_of_batch.batch, '-') <> ''
    AND NOT EXISTS (SELECT 1 FROM m_lump WHERE m_lump.r = m_bank.r);
