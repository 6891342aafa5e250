CREATE OR REPLACE TEMP TABLE m_r AS
SELECT
    m_bank.r, m_bank."day", m_bank.signed_fen AS fen, m_bank.serial, m_bank.account, m_bank.person,
    COALESCE(m_names_line.named, '') AS named,
    COALESCE(m_names_batch.batch, '') AS batch,
    COALESCE(m_names_line.several, FALSE) AS several_lines,
    COALESCE(m_names_batch.several, FALSE) AS several_batches
FROM m_bank
LEFT JOIN m_names_line ON m_names_line.r = m_bank.r
LEFT JOIN m_names_batch ON m_names_batch.r = m_bank.r
WHERE m_bank.signed_fen > 0;

-- if any

-- Credits that come from somebody of the lists: they are no lump.
CREATE OR REPLACE TEMP TABLE m_of_somebody AS
SELECT r FROM m_r
WHERE account <> '' AND EXISTS (SELECT 1 FROM m_l WHERE m_l.account = m_r.account)
UNION
SELECT r FROM m_r
WHERE person <> '' AND EXISTS (SELECT 1 FROM m_l WHERE m_l.person = m_r.person);

CREATE OR REPLACE TEMP TABLE m_credit AS
SELECT
    m_r.r, m_r."day", m_r.fen, m_r.serial, m_r.account, m_r.person, m_r.named, m_r.batch,
    m_of_somebody.r IS NULL AS of_nobody
FROM m_r
LEFT JOIN m_of_somebody ON m_of_somebody.r = m_r.r
WHERE NOT m_r.several_lines AND NOT m_r.several_batches;

-- What left the account, by this matching or by the book, and what a credit may bring back of it: all that failed, and
-- all of which a credit has the account, the name, the line id or the serial number of its debit.
CREATE OR REPLACE TEMP TABLE m_credit_word AS
SELECT DISTINCT m_word.word FROM m_word JOIN m_credit ON m_credit.r = m_word.r
UNION
SELECT serial FROM m_credit WHERE serial <> '';

CREATE OR REPLACE TEMP TABLE m_near AS
SELECT l FROM m_l WHERE failed
UNION
SELECT l FROM m_l WHERE account <> '' AND EXISTS (SELECT 1 FROM m_credit WHERE m_credit.account = m_l.account)
UNION
SELECT l FROM m_l WHERE person <> '' AND EXISTS (SELECT 1 FROM m_credit WHERE m_credit.person = m_l.person)
UNION
SELECT l FROM m_l WHERE EXISTS (SELECT 1 FROM m_credit WHERE m_credit.named = m_l.line)
UNION
SELECT m_pair.l
FROM m_pair
JOIN m_bank ON m_bank.r = m_pair.r
WHERE EXISTS (SELECT 1 FROM m_credit_word WHERE m_credit_word.word = m_bank.serial);

CREATE OR REPLACE TEMP TABLE m_moved AS
SELECT
    m_l.l, m_l.line, m_l.batch, m_l.account, m_l.person, m_l.fen, m_l.failed,
    COALESCE(m_bank."day", m_l.debited) AS "day",
    CASE WHEN m_pair.l IS NULL THEN '' ELSE COALESCE(m_bank.serial, '') END AS serial
FROM m_near
JOIN m_l ON m_l.l = m_near.l
LEFT JOIN m_debit ON m_debit.l = m_l.l
LEFT JOIN m_pair ON m_pair.l = m_l.l
LEFT JOIN m_bank ON m_bank.r = m_debit.r
WHERE COALESCE(m_bank."day", m_l.debited) IS NOT NULL;

CREATE OR REPLACE TEMP TABLE m_out AS SELECT * FROM m_moved;

-- The one debit whose serial number a credit repeats, in its memo or in the place of its own.
CREATE OR REPLACE TEMP TABLE m_credit AS
WITH said AS (
    SELECT m_word.r, m_word.word AS serial FROM m_word JOIN m_credit ON m_credit.r = m_word.r
    UNION ALL
    SELECT r, serial FROM m_credit
),
repeats AS (
    SELECT said.r, MIN(said.serial) AS serial
    FROM said
    WHERE said.serial <> '' AND EXISTS (SELECT 1 FROM m_out WHERE m_out.serial = said.serial)
    GROUP BY said.r
    HAVING MIN(said.serial) = MAX(said.serial)
)
SELECT m_credit.*, COALESCE(repeats.serial, '') AS repeated
FROM m_credit
LEFT JOIN repeats ON repeats.r = m_credit.r;

-- What is known to have failed in each batch after it left the account: a view, as less is left after each pass.
CREATE OR REPLACE TEMP VIEW m_failed_b AS
SELECT m_b.b, m_b.batch, SUM(m_out.fen) AS fen, MAX(m_out."day") AS "day"
FROM m_b
JOIN m_out ON m_out.batch = m_b.batch AND m_out.failed
GROUP BY m_b.b, m_b.batch;
