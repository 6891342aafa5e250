DELETE FROM m_stray;

CREATE OR REPLACE TEMP TABLE m_side_r AS
SELECT one.r, one.k1, one.k2, one.fen, one."day", one.tag
FROM ({rows}) AS one
WHERE EXISTS (
    SELECT 1 FROM m_side_l
    WHERE m_side_l.k1 = one.k1 AND m_side_l.k2 = one.k2 AND m_side_l.fen = one.fen
);

CREATE OR REPLACE TEMP TABLE m_key AS
WITH of_l AS (
    SELECT k1, k2, fen, COUNT(*) AS n, MIN(l) AS l, MIN(since) AS since FROM m_side_l GROUP BY k1, k2, fen
),
of_r AS (
    SELECT k1, k2, fen, COUNT(*) AS m, MIN(r) AS r, MIN("day") AS "day" FROM m_side_r GROUP BY k1, k2, fen
)
SELECT
    ROW_NUMBER() OVER () AS k,
    of_l.k1, of_l.k2, of_l.fen, of_l.n, of_r.m, of_l.l, of_r.r, of_l.since, of_r."day"
FROM of_l
JOIN of_r ON of_r.k1 = of_l.k1 AND of_r.k2 = of_l.k2 AND of_r.fen = of_l.fen;

CREATE OR REPLACE TEMP TABLE m_met AS
SELECT l, r, 1 AS nth, 1 AS of_all
FROM m_key
WHERE n = 1 AND m = 1 AND "day" BETWEEN since AND since + {window};
