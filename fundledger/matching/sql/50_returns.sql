CREATE OR REPLACE TEMP TABLE m_r AS
SELECT
    m_bank.r, m_bank."day", m_bank.signed_fen AS fen, m_bank.serial, m_bank.account, m_bank.person,
    m_bank.memo, m_bank.named,
    COALESCE(m_of_batch.batch, '') AS batch,
    many.memo IS NOT NULL AS several_lines,
    COALESCE(m_of_batch.batch, '-') = '' AS several_batches
FROM m_bank
LEFT JOIN m_of_batch ON m_of_batch.r = m_bank.r
LEFT JOIN (SELECT DISTINCT memo FROM m_many) AS many ON many.memo = m_bank.memo
WHERE m_bank.signed_fen > 0;

-- if any

-- Credits that come from somebody of the lists: they are no lump.
CREATE OR REPLACE TEMP TABLE m_of_somebody AS
SELECT r FROM m_r
WHERE account <> '' AND EXISTS (SELECT 1 FROM m_l WHERE m_l.account = m_r.account)
UNION
SELECT r FROM m_r
WHERE person <> '' AND EXISTS (SELECT 1 FROM m_l WHERE m_l.person = m_r.person);

-- Every serial number and every word of a credit: it may repeat the serial number of a debit.
CREATE OR REPLACE TEMP TABLE m_repeats AS
SELECT m_r.r, m_word.word FROM m_r JOIN m_word ON m_word.memo = m_r.memo
UNION ALL
SELECT r, serial FROM m_r WHERE serial <> '';

-- What a credit may bring back of what left the account: all that failed, and all of which a credit has the account,
-- the name, the line id or the serial number of its debit.
CREATE OR REPLACE TEMP TABLE m_near AS
SELECT l FROM m_l WHERE failed
UNION
SELECT l FROM m_l WHERE account <> '' AND EXISTS (SELECT 1 FROM m_r WHERE m_r.account = m_l.account)
UNION
SELECT l FROM m_l WHERE person <> '' AND EXISTS (SELECT 1 FROM m_r WHERE m_r.person = m_l.person)
UNION
SELECT l FROM m_l WHERE EXISTS (SELECT 1 FROM m_r WHERE m_r.named = m_l.line)
UNION
SELECT m_debit.l
FROM m_bank
JOIN m_debit ON m_debit.r = m_bank.r
WHERE EXISTS (SELECT 1 FROM m_repeats WHERE m_repeats.word = m_bank.serial);

-- When it left, by this matching or by the book; the serial number, if the debit was of this line alone.
CREATE OR REPLACE TEMP TABLE m_moved AS
WITH left_by AS (
    SELECT
        m_near.l, m_bank."day", CASE WHEN m_pass.tier IN ('T5', 'T6') THEN '' ELSE m_bank.serial END AS serial
    FROM m_near
    JOIN m_debit ON m_debit.l = m_near.l
    JOIN m_bank ON m_bank.r = m_debit.r
    JOIN m_pass ON m_pass.pass = m_debit.pass
)
SELECT
    m_l.l, m_l.line, m_l.batch, m_l.account, m_l.person, m_l.fen, m_l.failed,
    COALESCE(left_by."day", m_l.debited) AS "day",
    COALESCE(left_by.serial, '') AS serial
FROM m_near
JOIN m_l ON m_l.l = m_near.l
LEFT JOIN left_by ON left_by.l = m_near.l
WHERE COALESCE(left_by."day", m_l.debited) IS NOT NULL;

CREATE OR REPLACE TEMP TABLE m_out AS SELECT * FROM m_moved;

-- The credits to be matched, each with the one serial number of a debit that it repeats, if it is one.
CREATE OR REPLACE TEMP TABLE m_credit AS
WITH repeated AS (
    SELECT r, MIN(word) AS serial
    FROM m_repeats
    WHERE EXISTS (SELECT 1 FROM m_out WHERE m_out.serial = m_repeats.word)
    GROUP BY r
    HAVING MIN(word) = MAX(word)
)
SELECT
    m_r.r, m_r."day", m_r.fen, m_r.account, m_r.person, m_r.named, m_r.batch,
    m_of_somebody.r IS NULL AS of_nobody,
    COALESCE(repeated.serial, '') AS repeated
FROM m_r
LEFT JOIN m_of_somebody ON m_of_somebody.r = m_r.r
LEFT JOIN repeated ON repeated.r = m_r.r
WHERE NOT m_r.several_lines AND NOT m_r.several_batches;

-- What is known to have failed in each batch after it left the account: a view, as less is left after each pass.
CREATE OR REPLACE TEMP VIEW m_failed_b AS
SELECT m_b.b, m_b.batch, SUM(m_out.fen) AS fen, MAX(m_out."day") AS "day"
FROM m_b
JOIN m_out ON m_out.batch = m_b.batch AND m_out.failed
GROUP BY m_b.b, m_b.batch;
