INSERT INTO m_back SELECT '{name}', l, r, nth, of_all, by_name FROM m_met;

CREATE OR REPLACE TEMP TABLE m_out AS
SELECT * FROM m_out
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.l = m_out.l)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.pass = '{name}' AND m_odd.l = m_out.l);

CREATE OR REPLACE TEMP TABLE m_credit AS
SELECT * FROM m_credit
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.r = m_credit.r)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.pass = '{name}' AND m_odd.r = m_credit.r);
