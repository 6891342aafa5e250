-- A debit can be a lump if it goes to nobody of the lists.
CREATE OR REPLACE TEMP TABLE m_to_nobody AS
SELECT r, "day", fen, account, person, batch
FROM m_open_r
WHERE NOT EXISTS (
    SELECT 1 FROM m_l WHERE m_l.account = m_open_r.account AND m_open_r.account <> ''
)
    AND NOT EXISTS (
        SELECT 1 FROM m_l WHERE m_l.person = m_open_r.person AND m_open_r.person <> ''
    );

-- if any

-- A batch can have been paid in one sum if it is what its lines add up to, and none of them was found alone or is settled.
CREATE OR REPLACE TEMP TABLE m_whole AS
WITH sent_of AS (
    SELECT batch, COUNT(*) AS lines_count FROM m_l WHERE sent IS NOT NULL GROUP BY batch
),
left_of AS (
    SELECT
        batch, COUNT(*) AS lines_count, SUM(fen) AS fen,
        SUM(CASE WHEN failed THEN fen ELSE 0 END) AS failed_fen,
        SUM(CASE WHEN failed THEN 1 ELSE 0 END) AS failed
    FROM m_left
    WHERE batch <> ''
    GROUP BY batch
    HAVING SUM(CASE WHEN settled THEN 1 ELSE 0 END) = 0
)
SELECT
    m_b.b, m_b.batch, m_b.sent, m_b.fen, m_b.fen - left_of.failed_fen AS less_failed_fen,
    left_of.failed, left_of.lines_count = 1 AS alone,
    left_of.lines_count - left_of.failed = 1 AS alone_less_failed
FROM m_b
JOIN left_of
    ON left_of.batch = m_b.batch AND left_of.lines_count = m_b.lines_count AND left_of.fen = m_b.fen
JOIN sent_of ON sent_of.batch = m_b.batch AND sent_of.lines_count = m_b.lines_count;

CREATE OR REPLACE TEMP VIEW m_open_b AS
SELECT b, batch, sent, fen, less_failed_fen, failed, alone, alone_less_failed
FROM m_whole
WHERE NOT EXISTS (SELECT 1 FROM m_lump WHERE m_lump.b = m_whole.b)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.b = m_whole.b);

-- What is left of a batch of which some lines were found alone, or are settled: all that is open, and no part of it.
CREATE OR REPLACE TEMP TABLE m_remains AS
WITH sent_of AS (
    SELECT batch, COUNT(*) AS lines_count, SUM(fen) AS fen FROM m_l WHERE sent IS NOT NULL GROUP BY batch
)
SELECT
    m_b.b, m_b.batch, m_b.sent, SUM(m_left.fen) AS fen,
    SUM(CASE WHEN m_left.failed THEN 0 ELSE m_left.fen END) AS less_failed_fen,
    SUM(CASE WHEN m_left.failed THEN 1 ELSE 0 END) AS failed,
    COUNT(*) = 1 AS alone, SUM(CASE WHEN m_left.failed THEN 0 ELSE 1 END) = 1 AS alone_less_failed
FROM m_left
JOIN m_b ON m_b.batch = m_left.batch
JOIN sent_of
    ON sent_of.batch = m_b.batch AND sent_of.lines_count = m_b.lines_count AND sent_of.fen = m_b.fen
WHERE NOT m_left.settled
    AND NOT EXISTS (SELECT 1 FROM m_whole WHERE m_whole.b = m_b.b)
GROUP BY m_b.b, m_b.batch, m_b.sent;

CREATE OR REPLACE TEMP VIEW m_rest_b AS
SELECT b, batch, sent, fen, less_failed_fen, failed, alone, alone_less_failed
FROM m_remains
WHERE NOT EXISTS (SELECT 1 FROM m_lump WHERE m_lump.b = m_remains.b)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.b = m_remains.b);

CREATE OR REPLACE TEMP VIEW m_lump_r AS
SELECT r, "day", fen, account, person, batch
FROM m_to_nobody
WHERE NOT EXISTS (SELECT 1 FROM m_lump WHERE m_lump.r = m_to_nobody.r)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.r = m_to_nobody.r);
