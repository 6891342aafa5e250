INSERT INTO m_lump SELECT '{name}', l, r, {less_failed} FROM m_met;

INSERT INTO m_odd SELECT class, '{name}', '{name} ' || team, NULL, l, r, n, m FROM m_stray;

CREATE OR REPLACE TEMP TABLE m_open_b AS
SELECT * FROM m_open_b
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.l = m_open_b.b)
    AND NOT EXISTS (SELECT 1 FROM m_stray WHERE m_stray.l = m_open_b.b);

CREATE OR REPLACE TEMP TABLE m_lump_r AS
SELECT * FROM m_lump_r
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.r = m_lump_r.r)
    AND NOT EXISTS (SELECT 1 FROM m_stray WHERE m_stray.r = m_lump_r.r);

CREATE OR REPLACE TEMP TABLE m_open_r AS
SELECT * FROM m_open_r
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.r = m_open_r.r)
    AND NOT EXISTS (SELECT 1 FROM m_stray WHERE m_stray.r = m_open_r.r);
