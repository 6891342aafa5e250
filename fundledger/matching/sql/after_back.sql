INSERT INTO m_back
SELECT
    '{name}', m_met.l, m_met.r, m_met.nth, m_met.of_all, m_met.by_name,
    m_credit.account <> m_out.account AND m_credit.account <> '' AND m_out.account <> '',
    m_credit.person <> m_out.person AND m_credit.person <> '' AND m_out.person <> ''
FROM m_met
JOIN m_out ON m_out.l = m_met.l
JOIN m_credit ON m_credit.r = m_met.r;

CREATE OR REPLACE TEMP TABLE m_out AS
SELECT * FROM m_out
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.l = m_out.l)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.pass = '{name}' AND m_odd.l = m_out.l);

CREATE OR REPLACE TEMP TABLE m_credit AS
SELECT * FROM m_credit
WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE m_met.r = m_credit.r)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.pass = '{name}' AND m_odd.r = m_credit.r);
