-- T1: a debit that names a line is about that line and no other; it is matched only if the amount agrees too, and if the
-- line was not paid with all of its batch.

CREATE OR REPLACE TEMP TABLE m_said AS
SELECT
    m_bank.r, m_l.l, -m_bank.signed_fen AS paid_fen, m_l.fen,
    m_bank.account <> m_l.account AND m_bank.account <> '' AND m_l.account <> '' AS other_account,
    m_bank.person <> m_l.person AND m_bank.person <> '' AND m_l.person <> '' AS other_name,
    lumped.l IS NOT NULL AS lumped
FROM m_bank
JOIN m_l ON m_l.line = m_bank.named
LEFT JOIN (SELECT l FROM m_debit) AS lumped ON lumped.l = m_l.l
WHERE m_bank.signed_fen < 0
    AND m_bank.named <> ''
    AND NOT EXISTS (SELECT 1 FROM m_many WHERE m_many.memo = m_bank.memo);

-- Most lines are named once, and with their amount, and were not paid already; which are not?
CREATE OR REPLACE TEMP TABLE m_unclear AS
SELECT l, COUNT(*) AS said, SUM(CASE WHEN paid_fen = fen THEN 1 ELSE 0 END) AS agreeing, lumped
FROM m_said
GROUP BY l, lumped
HAVING COUNT(*) > 1 OR SUM(CASE WHEN paid_fen = fen THEN 1 ELSE 0 END) = 0 OR lumped;

INSERT INTO m_debit
SELECT 'T1-line', m_said.l, m_said.r, 1, 1, FALSE, m_said.other_account, m_said.other_name
FROM m_said
LEFT JOIN m_unclear ON m_unclear.l = m_said.l
WHERE m_said.paid_fen = m_said.fen AND COALESCE(m_unclear.agreeing, 1) = 1 AND NOT m_said.lumped;

INSERT INTO m_odd
SELECT
    CASE
        WHEN m_unclear.agreeing > 0 OR m_unclear.lumped THEN 'line-debited-twice'
        WHEN m_unclear.said > 1 THEN 'one-to-many'
        WHEN m_said.paid_fen < m_said.fen THEN 'short-paid'
        ELSE 'over-paid'
    END,
    'T1-line', 'T1-line ' || CAST(m_said.l AS VARCHAR), m_said.l, NULL, m_said.r, 1, m_unclear.said
FROM m_said
JOIN m_unclear ON m_unclear.l = m_said.l
WHERE m_unclear.agreeing <> 1 OR m_said.paid_fen <> m_said.fen OR m_unclear.lumped;

-- One debit that names several lines: its members are the debit, and each line that no other debit names alone.
CREATE OR REPLACE TEMP TABLE m_said_many AS
SELECT m_bank.r, m_l.l
FROM m_many
JOIN m_bank ON m_bank.memo = m_many.memo AND m_bank.signed_fen < 0
JOIN m_l ON m_l.line = m_many.word;

-- if any

INSERT INTO m_odd
WITH of_row AS (SELECT r, COUNT(*) AS named FROM m_said_many GROUP BY r)
SELECT 'many-to-one', 'T1-line', 'T1-line of ' || CAST(r AS VARCHAR), NULL, NULL, r, named, 1
FROM of_row
UNION ALL
SELECT
    'many-to-one', 'T1-line', 'T1-line of ' || CAST(m_said_many.r AS VARCHAR),
    m_said_many.l, NULL, NULL, of_row.named, 1
FROM m_said_many
JOIN of_row ON of_row.r = m_said_many.r
WHERE NOT EXISTS (SELECT 1 FROM m_said WHERE m_said.l = m_said_many.l)
    AND NOT EXISTS (SELECT 1 FROM m_debit WHERE m_debit.l = m_said_many.l);
