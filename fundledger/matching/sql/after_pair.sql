INSERT INTO m_pair SELECT '{name}', l, r, nth, of_all FROM m_met;

INSERT INTO m_odd SELECT class, '{name}', '{name} ' || team, l, NULL, r, n, m FROM m_stray;

CREATE OR REPLACE TEMP TABLE m_open_l AS
SELECT * FROM m_open_l
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.l = m_open_l.l)
    AND NOT EXISTS (SELECT 1 FROM m_stray WHERE m_stray.l = m_open_l.l);

CREATE OR REPLACE TEMP TABLE m_open_r AS
SELECT * FROM m_open_r
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.r = m_open_r.r)
    AND NOT EXISTS (SELECT 1 FROM m_stray WHERE m_stray.r = m_open_r.r);
