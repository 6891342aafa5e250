-- One pass: lines against rows, of each only what has a partner of equal keys and amount. Two are candidates of each other
-- if the row's day is from `since` to {window} days after. All that are bound together by candidates are a team.
-- A team of one and one is matched. So are n and n that nothing distinguishes. Every other team is told whole.

CREATE OR REPLACE TEMP TABLE m_side_l AS
SELECT one.l, one.k1, one.k2, one.fen, one.since, one.own, one.tag
FROM ({lines}) AS one
WHERE EXISTS (
    SELECT 1 FROM ({rows}) AS other
    WHERE other.k1 = one.k1 AND other.k2 = one.k2 AND other.fen = one.fen
);
