-- T1: a debit that names a line is about that line and no other; it is matched only if the amount agrees too.

CREATE OR REPLACE TEMP TABLE m_said AS
SELECT m_bank.r, m_l.l, ABS(m_bank.signed_fen) AS paid_fen, m_l.fen
FROM m_names_line
JOIN m_bank ON m_bank.r = m_names_line.r AND m_bank.signed_fen < 0
JOIN m_l ON m_l.line = m_names_line.named
WHERE NOT m_names_line.several;

CREATE OR REPLACE TEMP TABLE m_said_of AS
SELECT
    l, COUNT(*) AS said, SUM(CASE WHEN paid_fen = fen THEN 1 ELSE 0 END) AS agreeing
FROM m_said
GROUP BY l;

INSERT INTO m_pair
SELECT 'T1-line', m_said.l, m_said.r, 1, 1
FROM m_said
JOIN m_said_of ON m_said_of.l = m_said.l
WHERE m_said_of.agreeing = 1 AND m_said.paid_fen = m_said.fen;

INSERT INTO m_odd
SELECT
    CASE
        WHEN m_said_of.agreeing > 0 THEN 'line-debited-twice'
        WHEN m_said_of.said > 1 THEN 'one-to-many'
        WHEN m_said.paid_fen < m_said.fen THEN 'short-paid'
        ELSE 'over-paid'
    END,
    'T1-line', 'T1-line ' || CAST(m_said.l AS VARCHAR), m_said.l, NULL, m_said.r, 1, m_said_of.said
FROM m_said
JOIN m_said_of ON m_said_of.l = m_said.l
WHERE m_said_of.agreeing <> 1 OR m_said.paid_fen <> m_said.fen;

-- One debit that names several lines: its members are the debit, and each line that no other debit names alone.
CREATE OR REPLACE TEMP TABLE m_said_many AS
WITH every AS (
    SELECT m_bank.r, UNNEST(REGEXP_EXTRACT_ALL(m_bank.memo, '[0-9A-Za-z-]+')) AS word
    FROM m_bank
    JOIN m_names_line ON m_names_line.r = m_bank.r AND m_names_line.several
    WHERE m_bank.signed_fen < 0
)
SELECT DISTINCT every.r, m_l.l
FROM every
JOIN m_l ON m_l.line = every.word;

CREATE OR REPLACE TEMP TABLE m_said_many_of AS
SELECT r, COUNT(*) AS named FROM m_said_many GROUP BY r;

INSERT INTO m_odd
SELECT 'many-to-one', 'T1-line', 'T1-line of ' || CAST(r AS VARCHAR), NULL, NULL, r, named, 1
FROM m_said_many_of
UNION ALL
SELECT
    'many-to-one', 'T1-line', 'T1-line of ' || CAST(m_said_many.r AS VARCHAR),
    m_said_many.l, NULL, NULL, m_said_many_of.named, 1
FROM m_said_many
JOIN m_said_many_of ON m_said_many_of.r = m_said_many.r
WHERE NOT EXISTS (SELECT 1 FROM m_said_of WHERE m_said_of.l = m_said_many.l);

-- What is left for the passes: debits that name no line, and lines that no debit names.
CREATE OR REPLACE TEMP TABLE m_open_l AS
SELECT l, batch, receipt, account, person, fen, sent, failed, awaited
FROM m_l
WHERE NOT EXISTS (SELECT 1 FROM m_said_of WHERE m_said_of.l = m_l.l)
    AND NOT EXISTS (SELECT 1 FROM m_said_many WHERE m_said_many.l = m_l.l);

CREATE OR REPLACE TEMP TABLE m_open_r AS
SELECT
    m_bank.r, m_bank."day", -m_bank.signed_fen AS fen, m_bank.serial, m_bank.account, m_bank.person,
    COALESCE(m_names_batch.batch, '') AS batch
FROM m_bank
LEFT JOIN m_names_batch ON m_names_batch.r = m_bank.r
WHERE m_bank.signed_fen < 0
    AND NOT COALESCE(m_names_batch.several, FALSE)
    AND NOT EXISTS (SELECT 1 FROM m_names_line WHERE m_names_line.r = m_bank.r);
