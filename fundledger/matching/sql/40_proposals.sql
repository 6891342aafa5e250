-- T8: a debit that names a batch, or says nothing of whom, and goes to nobody: which open lines of the batch give it?
-- Tried for batches of at most sixteen open lines, in two halves of eight; a debit for at most eight batches.
-- Told as a proposal only if there is one answer in all, and no other debit would take one of its lines.

CREATE OR REPLACE TEMP TABLE m_some AS
SELECT batch, COUNT(*) AS lines_count, SUM(fen) AS fen, MIN(sent) AS sent
FROM m_part
WHERE NOT failed
GROUP BY batch
HAVING COUNT(*) BETWEEN 2 AND 16;

CREATE OR REPLACE TEMP TABLE m_try AS
WITH near AS (
    SELECT m_lump_r.r, m_lump_r.fen, m_some.batch
    FROM m_lump_r
    JOIN m_some ON m_some.batch = m_lump_r.batch AND m_lump_r.fen <= m_some.fen
    UNION ALL
    SELECT m_lump_r.r, m_lump_r.fen, m_some.batch
    FROM m_lump_r
    JOIN m_some
        ON m_lump_r."day" BETWEEN m_some.sent AND m_some.sent + {window} AND m_lump_r.fen <= m_some.fen
    WHERE m_lump_r.batch = '' AND m_lump_r.account = '' AND m_lump_r.person = ''
),
few AS (SELECT r FROM near GROUP BY r HAVING COUNT(*) <= 8)
SELECT near.r, near.fen, near.batch FROM near JOIN few ON few.r = near.r;

-- if any

CREATE OR REPLACE TEMP TABLE m_item AS
SELECT m_part.l, m_part.batch, m_part.fen,
    ROW_NUMBER() OVER (PARTITION BY m_part.batch ORDER BY m_l.line) - 1 AS place
FROM m_part
JOIN m_l ON m_l.l = m_part.l
WHERE NOT m_part.failed
    AND EXISTS (SELECT 1 FROM m_try WHERE m_try.batch = m_part.batch);

-- Every choice among eight, and the places that it takes.
CREATE OR REPLACE TEMP TABLE m_choice AS
WITH two AS (SELECT 0 AS taken UNION ALL SELECT 1),
eight AS (
    SELECT
        p.taken AS a, q.taken AS b, s.taken AS c, t.taken AS d,
        u.taken AS e, v.taken AS f, w.taken AS g, x.taken AS h
    FROM two AS p CROSS JOIN two AS q CROSS JOIN two AS s CROSS JOIN two AS t
    CROSS JOIN two AS u CROSS JOIN two AS v CROSS JOIN two AS w CROSS JOIN two AS x
),
numbered AS (
    SELECT
        a + 2 * b + 4 * c + 8 * d + 16 * e + 32 * f + 64 * g + 128 * h AS choice,
        a + b + c + d + e + f + g + h AS taken, a, b, c, d, e, f, g, h
    FROM eight
)
SELECT choice, taken, 0 AS place FROM numbered WHERE a = 1
UNION ALL SELECT choice, taken, 1 FROM numbered WHERE b = 1
UNION ALL SELECT choice, taken, 2 FROM numbered WHERE c = 1
UNION ALL SELECT choice, taken, 3 FROM numbered WHERE d = 1
UNION ALL SELECT choice, taken, 4 FROM numbered WHERE e = 1
UNION ALL SELECT choice, taken, 5 FROM numbered WHERE f = 1
UNION ALL SELECT choice, taken, 6 FROM numbered WHERE g = 1
UNION ALL SELECT choice, taken, 7 FROM numbered WHERE h = 1;

CREATE OR REPLACE TEMP TABLE m_sum AS
SELECT
    m_item.batch, CASE WHEN m_item.place < 8 THEN 0 ELSE 1 END AS half,
    m_choice.choice, SUM(m_item.fen) AS fen
FROM m_item
JOIN m_choice ON m_choice.place = m_item.place - CASE WHEN m_item.place < 8 THEN 0 ELSE 8 END
GROUP BY m_item.batch, CASE WHEN m_item.place < 8 THEN 0 ELSE 1 END, m_choice.choice, m_choice.taken
HAVING COUNT(*) = m_choice.taken
UNION ALL
SELECT DISTINCT m_item.batch, half.half, 0, 0
FROM m_item CROSS JOIN (SELECT 0 AS half UNION ALL SELECT 1) AS half;

CREATE OR REPLACE TEMP TABLE m_answer AS
SELECT m_try.r, m_try.batch, low.choice AS low, high.choice AS high
FROM m_try
JOIN m_sum AS low ON low.batch = m_try.batch AND low.half = 0
JOIN m_sum AS high
    ON high.batch = m_try.batch AND high.half = 1 AND high.fen = m_try.fen - low.fen;

CREATE OR REPLACE TEMP TABLE m_answers AS
SELECT r, COUNT(*) AS answers FROM m_answer GROUP BY r;

CREATE OR REPLACE TEMP TABLE m_proposed AS
WITH only_one AS (
    SELECT m_answer.r, m_answer.batch, m_answer.low, m_answer.high
    FROM m_answer
    JOIN m_answers ON m_answers.r = m_answer.r AND m_answers.answers = 1
)
SELECT only_one.r, m_item.l, m_item.fen
FROM only_one
JOIN m_item ON m_item.batch = only_one.batch
JOIN m_choice
    ON m_choice.choice = CASE WHEN m_item.place < 8 THEN only_one.low ELSE only_one.high END
    AND m_choice.place = m_item.place - CASE WHEN m_item.place < 8 THEN 0 ELSE 8 END;

CREATE OR REPLACE TEMP TABLE m_contested AS
WITH wanted AS (SELECT l FROM m_proposed GROUP BY l HAVING COUNT(*) > 1)
SELECT DISTINCT m_proposed.r FROM m_proposed JOIN wanted ON wanted.l = m_proposed.l;

INSERT INTO m_odd
SELECT
    CASE WHEN m_answers.answers = 1 AND m_contested.r IS NULL THEN 'proposal' ELSE 'ambiguous' END,
    'T8-sum', 'T8-sum ' || CAST(m_answers.r AS VARCHAR), NULL, NULL, m_answers.r,
    m_answers.answers, 1
FROM m_answers
LEFT JOIN m_contested ON m_contested.r = m_answers.r;

CREATE OR REPLACE TEMP TABLE m_proposed AS
SELECT * FROM m_proposed
WHERE NOT EXISTS (SELECT 1 FROM m_contested WHERE m_contested.r = m_proposed.r);
