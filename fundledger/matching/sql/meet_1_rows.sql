-- One pass: lines against rows of equal keys and amount. Two are candidates of each other if the row's day is from `since`
-- to {window} days after. All that are bound together by candidates are a team. A team of one and one is matched. So are
-- n and n that nothing distinguishes, or that their names tell apart. Every other team is told whole. A key goes by the
-- least of its rows.

CREATE OR REPLACE TEMP TABLE m_key AS
SELECT
    MIN(r) AS k, k1, k2, fen, COUNT(*) AS m, MIN("day") AS "day", MIN(tag) AS tag
FROM ({rows}) AS one
GROUP BY k1, k2, fen;
