INSERT INTO m_back SELECT '{name}', l, r, nth, of_all FROM m_met;

INSERT INTO m_odd SELECT class, '{name}', '{name} ' || team, l, NULL, r, n, m FROM m_stray;

CREATE OR REPLACE TEMP TABLE m_out AS
SELECT * FROM m_out
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.l = m_out.l)
    AND NOT EXISTS (SELECT 1 FROM m_stray WHERE m_stray.l = m_out.l);

CREATE OR REPLACE TEMP TABLE m_credit AS
SELECT * FROM m_credit
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.r = m_credit.r)
    AND NOT EXISTS (SELECT 1 FROM m_stray WHERE m_stray.r = m_credit.r);
