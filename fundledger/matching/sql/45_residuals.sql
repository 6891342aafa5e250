-- What names a batch, fits no sum of it and goes to nobody, while lines of it are open.
INSERT INTO m_odd
SELECT DISTINCT
    'lump-residual', 'T5-residual', 'T5-residual ' || CAST(m_lump_r.r AS VARCHAR),
    CAST(NULL AS BIGINT), m_b.b, m_lump_r.r, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
FROM m_lump_r
JOIN m_open_r ON m_open_r.r = m_lump_r.r
JOIN m_b ON m_b.batch = m_lump_r.batch
JOIN m_open_l ON m_open_l.batch = m_b.batch AND m_open_l.sent IS NOT NULL;
