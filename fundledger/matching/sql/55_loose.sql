-- Debits that nothing matched.
CREATE OR REPLACE TEMP TABLE m_unknown AS
SELECT r
FROM m_bank
WHERE signed_fen < 0
    AND NOT EXISTS (SELECT 1 FROM m_debit WHERE m_debit.r = m_bank.r)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.r = m_bank.r);

-- Credits that nothing matched: of which payment, if that can be said.
CREATE OR REPLACE TEMP TABLE m_loose AS
SELECT r, "day", fen, account, person, named, several_lines
FROM m_r
WHERE NOT EXISTS (SELECT 1 FROM m_back WHERE m_back.r = m_r.r)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.r = m_r.r);

-- if any

INSERT INTO m_odd
SELECT
    CASE
        WHEN m_l.l IS NULL OR m_moved.l IS NULL THEN 'return-of-unknown-payment'
        WHEN m_loose.fen < m_l.fen AND m_out.l IS NOT NULL AND m_loose."day" >= m_out."day"
            THEN 'partial-return'
        ELSE 'bank-credit-without-book'
    END,
    'T9-line', 'T9-line ' || CAST(m_loose.r AS VARCHAR), m_l.l, CAST(NULL AS BIGINT), m_loose.r, 1, 1
FROM m_loose
LEFT JOIN m_l ON m_l.line = m_loose.named
LEFT JOIN m_moved ON m_moved.l = m_l.l
LEFT JOIN m_out ON m_out.l = m_l.l
WHERE m_loose.named <> '' AND NOT m_loose.several_lines;

-- A credit of an account, or of a name where the bank states no account, as of an earlier debit that nobody knows.
INSERT INTO m_odd
WITH paid AS (
    SELECT m_bank."day", -m_bank.signed_fen AS fen, m_bank.account, m_bank.person
    FROM m_unknown
    JOIN m_bank ON m_bank.r = m_unknown.r
),
same AS (
    SELECT m_loose.r
    FROM m_loose
    JOIN paid ON paid.account = m_loose.account AND paid.fen = m_loose.fen
    WHERE m_loose.named = '' AND m_loose.account <> ''
        AND m_loose."day" BETWEEN paid."day" AND paid."day" + {return_days}
    UNION
    SELECT m_loose.r
    FROM m_loose
    JOIN paid ON paid.person = m_loose.person AND paid.fen = m_loose.fen
    WHERE m_loose.named = '' AND m_loose.account = '' AND m_loose.person <> ''
        AND m_loose."day" BETWEEN paid."day" AND paid."day" + {return_days}
)
SELECT
    'return-of-unknown-payment', 'T9-unknown', 'T9-unknown ' || CAST(r AS VARCHAR),
    CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), r, 1, 1
FROM same;

-- A smaller credit of the account of one earlier debit, and of one only.
INSERT INTO m_odd
SELECT
    'partial-return', 'T9-part', 'T9-part ' || CAST(m_loose.r AS VARCHAR),
    MIN(m_out.l), CAST(NULL AS BIGINT), m_loose.r, 1, 1
FROM m_loose
JOIN m_out ON m_out.account = m_loose.account AND m_out.fen > m_loose.fen
WHERE m_loose.named = '' AND m_loose.account <> ''
    AND m_loose."day" BETWEEN m_out."day" AND m_out."day" + {return_days}
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.r = m_loose.r)
GROUP BY m_loose.r
HAVING COUNT(*) = 1;
