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
WITH left_of AS (SELECT batch, COUNT(*) AS lines_count FROM m_left GROUP BY batch)
SELECT
    m_as_said.b, m_as_said.batch, m_as_said.sent, m_as_said.fen, m_as_said.less_failed_fen,
    m_as_said.failed, m_as_said.alone, m_as_said.alone_less_failed
FROM m_as_said
JOIN left_of ON left_of.batch = m_as_said.batch AND left_of.lines_count = m_as_said.lines_count
WHERE m_as_said.settled = 0;

CREATE OR REPLACE TEMP VIEW m_open_b AS
SELECT b, batch, sent, fen, less_failed_fen, failed, alone, alone_less_failed
FROM m_whole
WHERE NOT EXISTS (SELECT 1 FROM m_lump WHERE m_lump.b = m_whole.b)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.b = m_whole.b);

-- What is left of a batch of which some lines were found alone, or are settled: all that is open, and no part of it.
CREATE OR REPLACE TEMP TABLE m_remains AS
SELECT
    m_as_said.b, m_as_said.batch, m_as_said.sent, SUM(m_left.fen) AS fen,
    SUM(CASE WHEN m_left.failed THEN 0 ELSE m_left.fen END) AS less_failed_fen,
    SUM(CASE WHEN m_left.failed THEN 1 ELSE 0 END) AS failed
FROM m_left
JOIN m_as_said ON m_as_said.batch = m_left.batch
WHERE NOT m_left.settled
    AND NOT EXISTS (SELECT 1 FROM m_whole WHERE m_whole.b = m_as_said.b)
GROUP BY m_as_said.b, m_as_said.batch, m_as_said.sent;

CREATE OR REPLACE TEMP VIEW m_rest_b AS
SELECT b, batch, sent, fen, less_failed_fen, failed
FROM m_remains
WHERE NOT EXISTS (SELECT 1 FROM m_lump WHERE m_lump.b = m_remains.b)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.b = m_remains.b);

CREATE OR REPLACE TEMP VIEW m_lump_r AS
SELECT r, "day", fen, account, person, batch
FROM m_to_nobody
WHERE NOT EXISTS (SELECT 1 FROM m_lump WHERE m_lump.r = m_to_nobody.r)
    AND NOT EXISTS (SELECT 1 FROM m_odd WHERE m_odd.r = m_to_nobody.r);
