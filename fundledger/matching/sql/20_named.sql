-- T1: a debit that names a line is about that line and no other; it is matched only if the amount agrees too.

CREATE OR REPLACE TEMP TABLE m_said AS
SELECT m_r.r, m_l.l, m_r.fen AS paid_fen, m_l.fen
FROM m_r
JOIN m_l ON m_l.line = m_r.named
WHERE m_r.named <> '' AND NOT m_r.several_lines AND NOT m_r.credit;

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
SELECT DISTINCT m_r.r, m_l.l
FROM m_r
JOIN m_word ON m_word.r = m_r.r
JOIN m_l ON m_l.line = m_word.word
WHERE m_r.several_lines AND NOT m_r.credit;

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

-- What is left for the passes: debits and credits that name no line, and lines that no debit names.
CREATE OR REPLACE TEMP TABLE m_open_l AS
SELECT l, batch, receipt, account, person, fen, sent, failed, awaited
FROM m_l
WHERE NOT EXISTS (SELECT 1 FROM m_said_of WHERE m_said_of.l = m_l.l)
    AND NOT EXISTS (SELECT 1 FROM m_said_many WHERE m_said_many.l = m_l.l);

CREATE OR REPLACE TEMP TABLE m_open_r AS
SELECT r, "day", fen, serial, account, person, batch
FROM m_r
WHERE NOT credit AND named = '' AND NOT several_batches;
