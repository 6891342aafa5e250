-- What the passes look at: debits that name no line, and not two batches; in the memo, or where the serial number stands.
CREATE OR REPLACE TEMP TABLE m_out_r AS
SELECT
    m_bank.r, m_bank."day", -m_bank.signed_fen AS fen, m_bank.serial, m_bank.account, m_bank.person,
    COALESCE(m_names_batch.batch, m_known.batch, '') AS batch
FROM m_bank
LEFT JOIN m_names_batch ON m_names_batch.memo = m_bank.memo
LEFT JOIN m_known ON m_known.batch = m_bank.serial
WHERE m_bank.signed_fen < 0
    AND m_bank.named = ''
    AND NOT COALESCE(m_names_batch.several OR m_known.batch <> m_names_batch.batch, FALSE);

-- Of both sides what is open: views, as less is left after each pass.
CREATE OR REPLACE TEMP VIEW m_open_l AS
SELECT l, batch, receipt, account, person, fen, sent, failed, awaited
FROM m_l
WHERE NOT EXISTS (SELECT 1 FROM m_debit WHERE m_debit.l = m_l.l)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.l = m_l.l);

CREATE OR REPLACE TEMP VIEW m_open_r AS
SELECT r, "day", fen, serial, account, person, batch
FROM m_out_r
WHERE NOT EXISTS (SELECT 1 FROM m_debit WHERE m_debit.r = m_out_r.r)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.r = m_out_r.r);
