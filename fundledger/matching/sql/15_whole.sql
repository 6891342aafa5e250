-- A debit to nobody of the lists that names a batch, and is the sum of it, is that batch before anything else is
-- looked at: a debit that names a line of it, too, is then one too many. Only if there is one such debit, and no line of
-- the batch is settled; else less its failures, in the same way. Of one payment it is none that says to whom it went.
CREATE OR REPLACE TEMP TABLE m_at_once AS
WITH named AS (
    SELECT m_bank.r, -m_bank.signed_fen AS fen, m_bank.account, m_bank.person, m_of_batch.batch
    FROM m_of_batch
    JOIN m_bank ON m_bank.r = m_of_batch.r
    WHERE m_bank.signed_fen < 0
)
SELECT named.r, m_as_said.b, named.account, named.person, named.fen < m_as_said.fen AS less_failed
FROM named
JOIN m_as_said ON m_as_said.batch = named.batch AND m_as_said.settled = 0
WHERE (
        named.fen = m_as_said.fen
        AND NOT (m_as_said.alone AND (named.account <> '' OR named.person <> ''))
    )
    OR (
        named.fen = m_as_said.less_failed_fen AND named.fen < m_as_said.fen
        AND NOT (m_as_said.alone_less_failed AND (named.account <> '' OR named.person <> ''))
    );

-- if any

INSERT INTO m_lump
WITH to_nobody AS (
    SELECT r, b, less_failed
    FROM m_at_once
    WHERE NOT EXISTS (SELECT 1 FROM m_l WHERE m_l.account = m_at_once.account AND m_at_once.account <> '')
        AND NOT EXISTS (SELECT 1 FROM m_l WHERE m_l.person = m_at_once.person AND m_at_once.person <> '')
),
of_batch AS (
    SELECT
        b, SUM(CASE WHEN less_failed THEN 0 ELSE 1 END) AS whole,
        SUM(CASE WHEN less_failed THEN 1 ELSE 0 END) AS less
    FROM to_nobody
    GROUP BY b
)
SELECT CASE WHEN to_nobody.less_failed THEN 'T6-batch' ELSE 'T5-batch' END, to_nobody.b, to_nobody.r, to_nobody.less_failed
FROM to_nobody
JOIN of_batch ON of_batch.b = to_nobody.b
WHERE (of_batch.whole = 1 AND NOT to_nobody.less_failed)
    OR (of_batch.whole = 0 AND of_batch.less = 1);

INSERT INTO m_debit
SELECT m_lump.pass, m_l.l, m_lump.r, 1, 1, FALSE, FALSE, FALSE
FROM m_lump
JOIN m_b ON m_b.b = m_lump.b
JOIN m_l ON m_l.batch = m_b.batch AND m_l.sent IS NOT NULL
WHERE NOT (m_lump.less_failed AND m_l.failed);
