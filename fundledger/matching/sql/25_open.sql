-- What the passes look at: debits that name no line, and not two batches, and are not of a whole batch; in the memo, or where the serial number stands.
CREATE OR REPLACE TEMP TABLE m_open_r AS
SELECT
    m_bank.r, m_bank."day", -m_bank.signed_fen AS fen, m_bank.serial, m_bank.account, m_bank.person,
    COALESCE(m_names_batch.batch, m_known.batch, '') AS batch
FROM m_bank
LEFT JOIN m_names_batch ON m_names_batch.memo = m_bank.memo
LEFT JOIN m_known ON m_known.batch = m_bank.serial
WHERE m_bank.signed_fen < 0
    AND m_bank.named = ''
    AND NOT COALESCE(m_names_batch.several OR m_known.batch <> m_names_batch.batch, FALSE)
    AND NOT EXISTS (SELECT 1 FROM m_lump WHERE m_lump.r = m_bank.r);
