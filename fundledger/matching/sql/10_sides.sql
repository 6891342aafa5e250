-- The two sides as the passes read them: days as whole numbers, a handle for each row, and what a bank row names.
-- A line that was debited before the first bank row is settled: its evidence lies in an earlier statement.
-- Handles are only handles: no result depends on how they were given out.

CREATE OR REPLACE TEMP TABLE m_l AS
SELECT
    ROW_NUMBER() OVER () AS l,
    line, batch, receipt, account, person, amount_fen AS fen, state,
    DATE_DIFF('day', DATE '2000-01-01', sent_on) AS sent,
    DATE_DIFF('day', DATE '2000-01-01', debited_on) AS debited,
    credited_on IS NOT NULL AS credited,
    state = 'failed'
        OR (state IN ('reissued', 'cancelled', 'unclaimed', 'remitted') AND debited_on IS NULL) AS failed,
    COALESCE(debited_on < (SELECT MIN("on") FROM bank), FALSE) AS settled,
    sent_on IS NOT NULL
        AND (state IN ('exported', 'unknown', 'paid') OR debited_on IS NOT NULL)
        AND NOT COALESCE(debited_on < (SELECT MIN("on") FROM bank), FALSE) AS awaited
FROM lines;

CREATE OR REPLACE TEMP TABLE m_b AS
SELECT
    ROW_NUMBER() OVER () AS b,
    batch, amount_fen AS fen, "count" AS lines_count,
    DATE_DIFF('day', DATE '2000-01-01', sent_on) AS sent
FROM batches;

CREATE OR REPLACE TEMP TABLE m_bank AS
SELECT
    ROW_NUMBER() OVER () AS r,
    statement, "row", signed_fen, serial, account, person, memo,
    DATE_DIFF('day', DATE '2000-01-01', "on") AS "day"
FROM bank;

-- The words of a memo are all between what is no letter, digit or hyphen. Which rows name a line, and do they name more?
CREATE OR REPLACE TEMP TABLE m_names_line AS
WITH every AS (
    SELECT r, UNNEST(REGEXP_EXTRACT_ALL(memo, '[0-9A-Za-z-]*L-[0-9A-Za-z-]*')) AS word
    FROM m_bank
    WHERE memo LIKE '%L-%'
)
SELECT r, MIN(word) AS named, MIN(word) <> MAX(word) AS several
FROM every
WHERE REGEXP_MATCHES(word, '^L-[A-Z2-7]{12}(-[1-9][0-9]?)?$')
GROUP BY r;

-- All words of credits, and of those debits that name no line; many memos are alike, and looked at once.
CREATE OR REPLACE TEMP TABLE m_read AS
SELECT r, memo
FROM m_bank
WHERE memo <> ''
    AND (signed_fen > 0 OR NOT EXISTS (SELECT 1 FROM m_names_line WHERE m_names_line.r = m_bank.r));

CREATE OR REPLACE TEMP TABLE m_word AS
WITH every AS (
    SELECT memo, UNNEST(REGEXP_EXTRACT_ALL(memo, '[0-9A-Za-z-]+')) AS word
    FROM (SELECT DISTINCT memo FROM m_read) AS alike
)
SELECT m_read.r, every.word
FROM m_read
JOIN every ON every.memo = m_read.memo;

-- Which rows name a batch, in the memo or where the bank's serial number stands?
CREATE OR REPLACE TEMP TABLE m_names_batch AS
WITH known AS (
    SELECT batch FROM m_l WHERE batch <> ''
    UNION
    SELECT batch FROM m_b
),
said AS (
    SELECT m_word.r, known.batch FROM m_word JOIN known ON known.batch = m_word.word
    UNION ALL
    SELECT m_bank.r, known.batch FROM m_bank JOIN known ON known.batch = m_bank.serial
)
SELECT r, MIN(batch) AS batch, MIN(batch) <> MAX(batch) AS several
FROM said
GROUP BY r;

-- What is found. m_pair: a line and its debit; m_lump: a batch and its debit; m_back: a line and its credit,
-- m_odd: what is decided without a match, a row for each member of a team, or for both sides of one difference.
CREATE OR REPLACE TEMP TABLE m_pair (pass VARCHAR, l BIGINT, r BIGINT, nth BIGINT, of_all BIGINT);
CREATE OR REPLACE TEMP TABLE m_lump (pass VARCHAR, b BIGINT, r BIGINT, less_failed BOOLEAN);
CREATE OR REPLACE TEMP TABLE m_back (pass VARCHAR, l BIGINT, r BIGINT, nth BIGINT, of_all BIGINT);
CREATE OR REPLACE TEMP TABLE m_odd (
    class VARCHAR, pass VARCHAR, team VARCHAR, l BIGINT, b BIGINT, r BIGINT,
    lines_count BIGINT, rows_count BIGINT
);
CREATE OR REPLACE TEMP TABLE m_proposed (r BIGINT, l BIGINT, fen BIGINT);
CREATE OR REPLACE TEMP TABLE m_kept (root VARCHAR, l BIGINT, r BIGINT);

-- What one pass tells without a match.
CREATE OR REPLACE TEMP TABLE m_stray (class VARCHAR, team VARCHAR, l BIGINT, r BIGINT, n BIGINT, m BIGINT);
