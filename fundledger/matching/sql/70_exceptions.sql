-- The names of teams: their first line, else their first batch, else their first row.
CREATE OR REPLACE TEMP TABLE m_named_team AS
SELECT
    m_odd.team,
    COALESCE(
        MIN(m_l.line), MIN(m_b.batch), MIN(m_bank.statement || ':' || CAST(m_bank."row" AS VARCHAR))
    ) AS name
FROM m_odd
LEFT JOIN m_l ON m_l.l = m_odd.l
LEFT JOIN m_b ON m_b.b = m_odd.b
LEFT JOIN m_bank ON m_bank.r = m_odd.r
GROUP BY m_odd.team;

CREATE OR REPLACE TABLE exceptions AS
WITH m_told AS (
    -- What the passes decided without a match.
    SELECT
        m_odd.class, m_odd.pass, m_named_team.name AS team, m_odd.l, m_odd.b, m_odd.r,
        CASE
            WHEN m_odd.class IN ('one-to-many', 'many-to-one', 'ambiguous')
                THEN CAST(m_odd.lines_count AS VARCHAR) || ':' || CAST(m_odd.rows_count AS VARCHAR)
            ELSE ''
        END AS detail
    FROM m_odd
    JOIN m_named_team ON m_named_team.team = m_odd.team
    UNION ALL
    SELECT 'bank-debit-without-book', '', '', NULL, NULL, r, ''
    FROM m_unknown
    UNION ALL
    SELECT 'bank-credit-without-book', '', '', NULL, NULL, r, ''
    FROM m_loose
    WHERE NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.r = m_loose.r)
    UNION ALL
    -- Sent, and nothing at the bank: by age, and apart if the year has changed since.
    SELECT
        CASE
            WHEN m_left.sent < {year_start} THEN 'book-without-bank-cross-year'
            WHEN {as_of} - m_left.sent <= 3 THEN 'book-without-bank-0-3'
            WHEN {as_of} - m_left.sent <= 10 THEN 'book-without-bank-4-10'
            WHEN {as_of} - m_left.sent <= 30 THEN 'book-without-bank-11-30'
            WHEN {as_of} - m_left.sent <= 90 THEN 'book-without-bank-31-90'
            ELSE 'book-without-bank-over-90'
        END, '', '', m_left.l, NULL, NULL, ''
    FROM m_left
    WHERE m_left.awaited AND NOT EXISTS (SELECT 1 FROM m_debit WHERE m_debit.l = m_left.l)
    UNION ALL
    -- Matched, and something is wrong with the day.
    SELECT
        CASE WHEN unusual.days > 0 THEN 'late' ELSE 'paid-before-approval' END,
        unusual.tier, '', m_l.l, NULL, m_bank.r, ''
    FROM (
        SELECT tier, line, statement, "row", days
        FROM matches
        WHERE tier < 'T7' AND (days IS NULL OR days < 0 OR days > {late_days})
    ) AS unusual
    JOIN m_l ON m_l.line = unusual.line
    JOIN m_bank ON m_bank.statement = unusual.statement AND m_bank."row" = unusual."row"
    UNION ALL
    SELECT 'return-not-booked', m_back.pass, '', m_l.l, NULL, m_back.r, ''
    FROM m_back
    JOIN m_l ON m_l.l = m_back.l
    WHERE NOT m_l.failed AND NOT m_l.credited
    UNION ALL
    -- Of one root, two that were paid and did not come back.
    SELECT 'parent-and-reissue-both-paid', '', m_kept.root, m_kept.l, NULL, m_kept.r, ''
    FROM m_kept
    JOIN (SELECT root FROM m_kept GROUP BY root HAVING COUNT(*) > 1) AS twice ON twice.root = m_kept.root
)
SELECT
    m_told.class,
    m_told.class IN ('bank-debit-without-book', 'over-paid', 'paid-before-approval')
        OR m_told.class IN ('line-debited-twice', 'parent-and-reissue-both-paid') AS severe,
    SUBSTRING(m_told.pass, 1, 2) AS tier,
    m_told.team,
    COALESCE(m_l.line, '') AS line,
    COALESCE(m_l.batch, m_b.batch, '') AS batch,
    COALESCE(m_bank.statement, '') AS statement,
    m_bank."row",
    COALESCE(m_l.fen, m_b.fen) AS book_fen,
    m_bank.signed_fen AS bank_fen,
    CASE
        WHEN m_told.class IN ('short-paid', 'over-paid', 'partial-return')
            THEN ABS(m_bank.signed_fen) - m_l.fen
        WHEN m_told.class = 'lump-residual' THEN ABS(m_bank.signed_fen) - m_rest.fen
    END AS diff_fen,
    {as_of} - COALESCE(m_bank."day", m_l.sent, m_b.sent) AS age_days,
    m_told.detail
FROM m_told
LEFT JOIN m_l ON m_l.l = m_told.l
LEFT JOIN m_b ON m_b.b = m_told.b
LEFT JOIN m_bank ON m_bank.r = m_told.r
LEFT JOIN m_rest ON m_rest.batch = m_b.batch;

CREATE OR REPLACE VIEW ambiguous AS
SELECT tier, team, line, batch, statement, "row", book_fen, bank_fen, detail
FROM exceptions
WHERE class IN ('one-to-many', 'many-to-one', 'ambiguous');

CREATE OR REPLACE TABLE proposals AS
SELECT
    'T8' AS tier, m_l.line, m_l.batch, m_bank.statement, m_bank."row", m_l.fen AS amount_fen,
    'the only open lines of one batch that add up to it' AS reasons
FROM m_proposed
JOIN m_l ON m_l.l = m_proposed.l
JOIN m_bank ON m_bank.r = m_proposed.r;
