-- The two sides as the passes read them: days as whole numbers, a handle for each row, and what a bank row names.
-- A line that was debited before the first bank row is settled: its evidence lies in an earlier statement.
-- Handles are only handles: no result depends on how they were given out.

CREATE OR REPLACE TEMP TABLE m_l AS
SELECT
    ROW_NUMBER() OVER () AS l,
    line, batch, receipt, account, person, amount_fen AS fen,
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

-- The batches whose lines are what is said of them, by count and by sum.
CREATE OR REPLACE TEMP TABLE m_as_said AS
WITH sent_of AS (
    SELECT
        batch, COUNT(*) AS lines_count, SUM(fen) AS fen,
        SUM(CASE WHEN failed THEN fen ELSE 0 END) AS failed_fen,
        SUM(CASE WHEN failed THEN 1 ELSE 0 END) AS failed,
        SUM(CASE WHEN settled THEN 1 ELSE 0 END) AS settled
    FROM m_l
    WHERE sent IS NOT NULL AND batch <> ''
    GROUP BY batch
)
SELECT
    m_b.b, m_b.batch, m_b.sent, m_b.lines_count, m_b.fen, m_b.fen - sent_of.failed_fen AS less_failed_fen,
    sent_of.failed, sent_of.settled,
    m_b.lines_count = 1 AS alone, m_b.lines_count - sent_of.failed = 1 AS alone_less_failed
FROM m_b
JOIN sent_of
    ON sent_of.batch = m_b.batch AND sent_of.lines_count = m_b.lines_count AND sent_of.fen = m_b.fen;

-- The words of a memo are all between what is no letter, digit or hyphen. The first that is the id of a line:
CREATE OR REPLACE TEMP TABLE m_bank AS
SELECT
    ROW_NUMBER() OVER () AS r,
    statement, "row", signed_fen, serial, account, person, memo,
    DATE_DIFF('day', DATE '2000-01-01', "on") AS "day",
    CASE
        WHEN memo LIKE '%L-%' THEN REGEXP_EXTRACT(
            memo, '(^|[^0-9A-Za-z-])(L-[A-Z2-7]{12}(-[1-9][0-9]?)?)($|[^0-9A-Za-z-])', 2
        )
        ELSE ''
    END AS named
FROM bank;

-- Which memos name several lines, and which?
CREATE OR REPLACE TEMP TABLE m_many AS
WITH every AS (
    SELECT memo, UNNEST(REGEXP_EXTRACT_ALL(memo, '[0-9A-Za-z-]+')) AS word
    FROM (SELECT DISTINCT memo FROM m_bank WHERE memo LIKE '%L-%L-%') AS alike
),
ids AS (
    SELECT DISTINCT memo, word
    FROM every
    WHERE REGEXP_MATCHES(word, '^L-[A-Z2-7]{12}(-[1-9][0-9]?)?$')
)
SELECT ids.memo, ids.word
FROM ids
JOIN (SELECT memo FROM ids GROUP BY memo HAVING COUNT(*) > 1) AS several ON several.memo = ids.memo;

-- All words of credits, and of those debits that name no line; many memos are alike, and looked at once.
CREATE OR REPLACE TEMP TABLE m_word AS
SELECT memo, UNNEST(REGEXP_EXTRACT_ALL(memo, '[0-9A-Za-z-]+')) AS word
FROM (SELECT DISTINCT memo FROM m_bank WHERE memo <> '' AND (named = '' OR signed_fen > 0)) AS alike;

-- Which memos name a batch? What has the form of a batch's number is one, if not of these then another's.
CREATE OR REPLACE TEMP TABLE m_known AS
SELECT batch FROM m_l WHERE batch <> ''
UNION
SELECT batch FROM m_b
UNION
SELECT word FROM m_word WHERE word LIKE 'B%-%-%' AND REGEXP_MATCHES(word, '^B[0-9]{4}-[0-9]{2}-[0-9]{3,6}$')
UNION
SELECT serial FROM m_bank WHERE serial LIKE 'B%-%-%' AND REGEXP_MATCHES(serial, '^B[0-9]{4}-[0-9]{2}-[0-9]{3,6}$');

CREATE OR REPLACE TEMP TABLE m_names_batch AS
SELECT m_word.memo, MIN(m_known.batch) AS batch, MIN(m_known.batch) <> MAX(m_known.batch) AS several
FROM m_word
JOIN m_known ON m_known.batch = m_word.word
GROUP BY m_word.memo;

-- The batch that a credit names, or a debit that names no line, in the memo or where the serial number stands; '' for two.
CREATE OR REPLACE TEMP TABLE m_of_batch AS
SELECT
    m_bank.r,
    CASE
        WHEN m_names_batch.several OR m_known.batch <> m_names_batch.batch THEN ''
        ELSE COALESCE(m_names_batch.batch, m_known.batch)
    END AS batch
FROM m_bank
LEFT JOIN m_names_batch ON m_names_batch.memo = m_bank.memo
LEFT JOIN m_known ON m_known.batch = m_bank.serial
WHERE (m_bank.named = '' OR m_bank.signed_fen > 0)
    AND (m_names_batch.batch IS NOT NULL OR m_known.batch IS NOT NULL);

-- What is found. m_debit: a line and its debit, its own or that of its batch. m_lump: a batch and its debit.
-- m_back: a line and its credit. m_odd: what is decided without a match, a row for each member of a team, or for
-- both sides of one difference. m_rest: what is open of each batch that a debit named and did not fit.
CREATE OR REPLACE TEMP TABLE m_debit (
    pass VARCHAR, l BIGINT, r BIGINT, nth BIGINT, of_all BIGINT,
    by_name BOOLEAN, other_account BOOLEAN, other_name BOOLEAN
);
CREATE OR REPLACE TEMP TABLE m_lump (pass VARCHAR, b BIGINT, r BIGINT, less_failed BOOLEAN);
CREATE OR REPLACE TEMP TABLE m_back (
    pass VARCHAR, l BIGINT, r BIGINT, nth BIGINT, of_all BIGINT,
    by_name BOOLEAN, other_account BOOLEAN, other_name BOOLEAN
);
CREATE OR REPLACE TEMP TABLE m_odd (
    class VARCHAR, pass VARCHAR, team VARCHAR, l BIGINT, b BIGINT, r BIGINT,
    lines_count BIGINT, rows_count BIGINT
);
CREATE OR REPLACE TEMP TABLE m_proposed (r BIGINT, l BIGINT, fen BIGINT);
CREATE OR REPLACE TEMP TABLE m_kept (root VARCHAR, l BIGINT, r BIGINT);
CREATE OR REPLACE TEMP TABLE m_rest (batch VARCHAR, fen BIGINT);
