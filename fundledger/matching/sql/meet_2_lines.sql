CREATE OR REPLACE TEMP TABLE m_side_l AS
SELECT m_key.k, one.l, one.since, one.own, one.tag, m_key.m, m_key."day", m_key.tag AS other
FROM ({lines}) AS one
JOIN m_key ON m_key.k1 = one.k1 AND m_key.k2 = one.k2 AND m_key.fen = one.fen;
