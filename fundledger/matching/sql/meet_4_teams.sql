-- A team ends where no line before reaches a row after: as all reach equally far, the last line and the next row tell.
CREATE OR REPLACE TEMP TABLE m_placed AS
WITH around AS (
    SELECT
        k, "day", side, id, own, tag,
        MIN(CASE WHEN side = 1 THEN "day" END) OVER (
            PARTITION BY k ORDER BY "day", side, id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS next_row,
        MAX(CASE WHEN side = 0 THEN "day" END) OVER (
            PARTITION BY k ORDER BY "day", side, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS last_line
    FROM m_event
)
SELECT
    k, side, id, own, tag,
    SUM(CASE WHEN next_row - last_line <= {window} THEN 0 ELSE 1 END) OVER (
        PARTITION BY k ORDER BY "day", side, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS team
FROM around;

CREATE OR REPLACE TEMP TABLE m_team AS
SELECT
    k, team,
    SUM(1 - side) AS n, SUM(side) AS m,
    SUM(1 - side) = SUM(side)
        AND MIN(CASE WHEN side = 0 THEN own END) = MAX(CASE WHEN side = 0 THEN own END)
        AND MIN(CASE WHEN side = 0 THEN tag END) = MAX(CASE WHEN side = 0 THEN tag END)
        AND MIN(CASE WHEN side = 1 THEN own END) = MAX(CASE WHEN side = 1 THEN own END)
        AND MIN(CASE WHEN side = 1 THEN tag END) = MAX(CASE WHEN side = 1 THEN tag END) AS matched
FROM m_placed
GROUP BY k, team
HAVING SUM(side) > 0 AND SUM(1 - side) > 0;

-- By occurrence: the first by its id with the first by its place in the statements, and so on.
INSERT INTO m_met
WITH of_l AS (
    SELECT
        m_team.k, m_team.team, m_team.n, m_placed.id,
        ROW_NUMBER() OVER (PARTITION BY m_team.k, m_team.team ORDER BY m_l.line) AS nth
    FROM m_team
    JOIN m_placed ON m_placed.k = m_team.k AND m_placed.team = m_team.team AND m_placed.side = 0
    LEFT JOIN m_l ON m_l.l = m_placed.id  -- a batch has no line, and is never one of several
    WHERE m_team.matched
),
of_r AS (
    SELECT
        m_team.k, m_team.team, m_placed.id,
        ROW_NUMBER() OVER (
            PARTITION BY m_team.k, m_team.team ORDER BY m_bank.statement, m_bank."row"
        ) AS nth
    FROM m_team
    JOIN m_placed ON m_placed.k = m_team.k AND m_placed.team = m_team.team AND m_placed.side = 1
    JOIN m_bank ON m_bank.r = m_placed.id
    WHERE m_team.matched
)
SELECT of_l.id, of_r.id, of_l.nth, of_l.n
FROM of_l
JOIN of_r ON of_r.k = of_l.k AND of_r.team = of_l.team AND of_r.nth = of_l.nth;

INSERT INTO m_stray
SELECT
    CASE WHEN m_team.n = 1 THEN 'one-to-many' WHEN m_team.m = 1 THEN 'many-to-one' ELSE 'ambiguous' END AS class,
    CAST(m_team.k AS VARCHAR) || ' ' || CAST(m_team.team AS VARCHAR) AS team,
    CASE WHEN m_placed.side = 0 THEN m_placed.id END AS l,
    CASE WHEN m_placed.side = 1 THEN m_placed.id END AS r,
    m_team.n, m_team.m
FROM m_team
JOIN m_placed ON m_placed.k = m_team.k AND m_placed.team = m_team.team
WHERE NOT m_team.matched;
