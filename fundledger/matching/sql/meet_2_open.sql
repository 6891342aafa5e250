-- Of all lines that are near, those that wait and that nothing has decided.
CREATE OR REPLACE TEMP TABLE m_side_l AS
SELECT * FROM m_side_l
WHERE since IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM m_debit WHERE m_debit.l = m_side_l.l)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.l = m_side_l.l);
