-- What names a batch, fits no sum of it and goes to nobody, while lines of it are open.
CREATE OR REPLACE TEMP TABLE m_residual AS
SELECT m_lump_r.r, m_b.b, m_b.batch
FROM m_lump_r
JOIN m_b ON m_b.batch = m_lump_r.batch
WHERE EXISTS (SELECT 1 FROM m_part WHERE m_part.batch = m_b.batch)
    -- What is just one payment, and says to whom it went, is no sum at all.
    AND NOT (
        (m_lump_r.account <> '' OR m_lump_r.person <> '')
        AND EXISTS (
            SELECT 1 FROM m_part WHERE m_part.batch = m_b.batch AND m_part.fen = m_lump_r.fen
        )
    );

-- if any

INSERT INTO m_odd
SELECT 'lump-residual', 'T5-residual', 'T5-residual ' || CAST(r AS VARCHAR), NULL, b, r, NULL, NULL
FROM m_residual;

INSERT INTO m_rest
SELECT batch, SUM(fen) AS fen
FROM m_part
WHERE EXISTS (SELECT 1 FROM m_residual WHERE m_residual.batch = m_part.batch)
GROUP BY batch;
