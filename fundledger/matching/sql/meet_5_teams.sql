-- Keys of more than one and one: their events in order of days, a line before a row of its day.
CREATE OR REPLACE TEMP TABLE m_event AS
SELECT m_side_l.k, m_side_l.since AS "day", 0 AS side, m_side_l.l AS id, m_side_l.own, m_side_l.tag
FROM m_several
JOIN m_side_l ON m_side_l.k = m_several.k
UNION ALL
SELECT m_several.k, one."day", 1, one.r, one."day", one.tag
FROM m_several
JOIN ({rows}) AS one
    ON one.k1 = m_several.k1 AND one.k2 = m_several.k2 AND one.fen = m_several.fen;

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
    k, "day", side, id, own, tag,
    SUM(CASE WHEN next_row - last_line <= {window} THEN 0 ELSE 1 END) OVER (
        PARTITION BY k ORDER BY "day", side, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS team
FROM around;

-- Nothing distinguishes the lines, nor the rows; or the names do, each as often on both sides, and what has one name is
-- alike. A name may be lacking on neither side.
CREATE OR REPLACE TEMP TABLE m_team AS
WITH named AS (
    SELECT
        k, team, tag, SUM(1 - side) AS n, SUM(side) AS m,
        MIN(CASE WHEN side = 0 THEN own END) AS first_l, MAX(CASE WHEN side = 0 THEN own END) AS last_l,
        MIN(CASE WHEN side = 1 THEN own END) AS first_r, MAX(CASE WHEN side = 1 THEN own END) AS last_r,
        MAX(CASE WHEN side = 0 THEN "day" END) AS since
    FROM m_placed
    GROUP BY k, team, tag
)
SELECT
    k, team, SUM(n) AS n, SUM(m) AS m,
    SUM(n) = SUM(m)
        AND MIN(first_l) = MAX(last_l) AND SUM(CASE WHEN n > 0 THEN 1 ELSE 0 END) = 1
        AND MIN(first_r) = MAX(last_r) AND SUM(CASE WHEN m > 0 THEN 1 ELSE 0 END) = 1 AS alike,
    {by_name}
        AND SUM(n) > 1
        AND MIN(
            CASE
                WHEN tag <> '' AND n = m AND first_l = last_l AND first_r = last_r
                    AND first_r BETWEEN since AND since + {window} THEN 1
                ELSE 0
            END
        ) = 1 AS by_name
FROM named
GROUP BY k, team
HAVING SUM(n) > 0 AND SUM(m) > 0;

-- By occurrence: the first by its id with the first by its place in the statements, and so on.
INSERT INTO m_met
WITH matched AS (
    SELECT
        m_placed.k, m_placed.team, m_placed.side, m_placed.id, m_placed.tag,
        m_team.by_name AND NOT m_team.alike AS by_name,
        CASE WHEN m_team.alike THEN '' ELSE m_placed.tag END AS name
    FROM m_team
    JOIN m_placed ON m_placed.k = m_team.k AND m_placed.team = m_team.team
    WHERE m_team.alike OR m_team.by_name
),
of_l AS (
    SELECT
        matched.k, matched.team, matched.name, matched.id, matched.tag, matched.by_name,
        ROW_NUMBER() OVER (PARTITION BY matched.k, matched.team, matched.name ORDER BY m_l.line) AS nth,
        COUNT(*) OVER (PARTITION BY matched.k, matched.team, matched.name) AS of_all
    FROM matched
    LEFT JOIN m_l ON m_l.l = matched.id  -- a batch has no line, and is never one of several
    WHERE matched.side = 0
),
of_r AS (
    SELECT
        matched.k, matched.team, matched.name, matched.id, matched.tag,
        ROW_NUMBER() OVER (
            PARTITION BY matched.k, matched.team, matched.name ORDER BY m_bank.statement, m_bank."row"
        ) AS nth
    FROM matched
    JOIN m_bank ON m_bank.r = matched.id
    WHERE matched.side = 1
)
SELECT
    of_l.id, of_r.id, of_l.nth, of_l.of_all, of_l.by_name,
    of_l.tag <> of_r.tag AND of_l.tag <> '' AND of_r.tag <> ''
FROM of_l
JOIN of_r
    ON of_r.k = of_l.k AND of_r.team = of_l.team AND of_r.name = of_l.name AND of_r.nth = of_l.nth;
