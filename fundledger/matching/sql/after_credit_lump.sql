-- A lump that came back is the credit of each line of its batch that is known to have failed.
INSERT INTO m_back
SELECT '{name}', m_out.l, m_met.r, 1, 1, FALSE, FALSE, FALSE
FROM m_met
JOIN m_b ON m_b.b = m_met.l
JOIN m_out ON m_out.batch = m_b.batch AND m_out.failed;

CREATE OR REPLACE TEMP TABLE m_out AS
SELECT * FROM m_out
WHERE NOT EXISTS (
    SELECT 1 FROM m_met JOIN m_b ON m_b.b = m_met.l WHERE m_out.failed AND m_b.batch = m_out.batch
)
    AND NOT EXISTS (
        SELECT 1 FROM m_odd JOIN m_b ON m_b.b = m_odd.b
        WHERE m_odd.pass = '{name}' AND m_out.failed AND m_b.batch = m_out.batch
    );

CREATE OR REPLACE TEMP TABLE m_credit AS
SELECT * FROM m_credit
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.r = m_credit.r)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.pass = '{name}' AND m_odd.r = m_credit.r);
