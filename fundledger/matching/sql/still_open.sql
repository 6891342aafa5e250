-- What the passes so far left of the debits. Between those that compare the batch number, the account or the name there is
-- no need of it: each row is compared by one of them alone, by what it states.
CREATE OR REPLACE TEMP TABLE m_open_r AS
SELECT * FROM m_open_r
WHERE NOT EXISTS (SELECT 1 FROM m_debit WHERE m_debit.pass <> 'T1-line' AND m_debit.r = m_open_r.r)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.r = m_open_r.r);
