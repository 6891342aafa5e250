INSERT INTO m_odd
SELECT
    CASE WHEN m_team.n = 1 THEN 'one-to-many' WHEN m_team.m = 1 THEN 'many-to-one' ELSE 'ambiguous' END,
    '{name}', '{name} ' || CAST(m_team.k AS VARCHAR) || ' ' || CAST(m_team.team AS VARCHAR),
    {line}, {batch}, CASE WHEN m_placed.side = 1 THEN m_placed.id END, m_team.n, m_team.m
FROM m_team
JOIN m_placed ON m_placed.k = m_team.k AND m_placed.team = m_team.team
WHERE NOT (m_team.alike OR m_team.by_name);
