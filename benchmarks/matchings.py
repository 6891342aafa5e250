"""Payment lines and bank rows of every tier and class, made by SQL: the same numbers, the same tables."""

from __future__ import annotations

import duckdb

_LINES = """
CREATE OR REPLACE TABLE made AS
SELECT
    i, i // 100 AS b, (i // 100) % 20 AS kind, i % 100 AS place,
    'L-' || TRANSLATE(UPPER(SUBSTRING(MD5(CAST(i AS VARCHAR)), 1, 12)), '0189', 'QRST') AS line,
    'B-2026-' || LPAD(CAST(i // 100 AS VARCHAR), 7, '0') AS batch,
    'A-' || UPPER(SUBSTRING(MD5('a' || CAST(i AS VARCHAR)), 1, 12)) AS account,
    'P-' || UPPER(SUBSTRING(MD5('p' || CAST(i AS VARCHAR)), 1, 12)) AS person,
    CAST(100 * (500 + (i * 7919) % 400) AS BIGINT) AS amount_fen,
    DATE '2026-01-05' + CAST((i // 100) % 300 AS INTEGER) AS sent_on
FROM RANGE({n}) AS t (i)
"""

# Kinds of batches, of twenty: 0-7 the line's id, 8-9 the batch number, 10-13 the account alone, 14 the name alone,
# 15 a lump, 16 a lump less failures, 17 a lump and its failures back, 18 several of everything, 19 sent and not paid,
# paid otherwise or twice.
_SIDES = """
CREATE OR REPLACE TABLE lines AS
SELECT
    line, batch,
    CASE WHEN kind = 18 THEN 'A-' || LPAD(CAST(i // 4 AS VARCHAR), 12, '0') ELSE account END AS account,
    CASE WHEN kind = 18 AND place < 50 THEN 'P-' || LPAD(CAST(i // 4 AS VARCHAR), 12, '0') ELSE person END AS person,
    CASE WHEN kind = 18 THEN 50000 ELSE amount_fen END AS amount_fen,
    sent_on,
    CASE WHEN kind IN (16, 17) AND place % 20 = 7 THEN 'failed' ELSE 'exported' END AS state,
    CAST(NULL AS DATE) AS debited_on, CAST(NULL AS DATE) AS credited_on, '' AS receipt
FROM made;

CREATE OR REPLACE TABLE batches AS
SELECT batch, MIN(sent_on) AS sent_on, COUNT(*) AS "count", SUM(amount_fen)::BIGINT AS amount_fen
FROM lines GROUP BY batch;

CREATE OR REPLACE TABLE moved AS
SELECT made.sent_on + CAST(i % 4 AS INTEGER) AS "on", -lines.amount_fen AS signed_fen,
    lines.account, lines.person, '2026 subsidy ' || lines.line || ' paid' AS memo
FROM made JOIN lines ON lines.line = made.line WHERE kind < 8
UNION ALL
SELECT made.sent_on + CAST(i % 4 AS INTEGER), -lines.amount_fen, lines.account, lines.person, 'batch ' || lines.batch
FROM made JOIN lines ON lines.line = made.line WHERE kind IN (8, 9)
UNION ALL
SELECT made.sent_on + CAST(i % 4 AS INTEGER), -lines.amount_fen, lines.account, lines.person, 'subsidy'
FROM made JOIN lines ON lines.line = made.line WHERE kind BETWEEN 10 AND 13 OR (kind = 18 AND place % 8 <> 3)
UNION ALL
SELECT made.sent_on + CAST(i % 4 AS INTEGER), -lines.amount_fen, '', lines.person, 'subsidy'
FROM made JOIN lines ON lines.line = made.line WHERE kind = 14
UNION ALL
SELECT MIN(made.sent_on) + 1, -SUM(lines.amount_fen)::BIGINT, 'A-BANK', '', CASE WHEN b % 3 = 0 THEN '' ELSE lines.batch END
FROM made JOIN lines ON lines.line = made.line
WHERE kind IN (15, 17) OR (kind = 16 AND state <> 'failed')
GROUP BY b, kind, lines.batch
UNION ALL
SELECT MIN(made.sent_on) + 5, SUM(lines.amount_fen)::BIGINT, 'A-BANK', '', lines.batch
FROM made JOIN lines ON lines.line = made.line WHERE kind = 17 AND state = 'failed' GROUP BY b, lines.batch
UNION ALL
SELECT made.sent_on + 8, -lines.amount_fen - 100 * (place % 3 - 1), lines.account, lines.person, lines.line
FROM made JOIN lines ON lines.line = made.line WHERE kind = 19 AND place < 60
UNION ALL
SELECT made.sent_on + 9, -lines.amount_fen, lines.account, lines.person, lines.line
FROM made JOIN lines ON lines.line = made.line WHERE kind = 19 AND place < 20
UNION ALL
SELECT made.sent_on + 12, lines.amount_fen, lines.account, '', 'returned'
FROM made JOIN lines ON lines.line = made.line WHERE kind BETWEEN 10 AND 13 AND place < 8
UNION ALL
SELECT made.sent_on + 12, lines.amount_fen, '', '', 'returned ' || lines.line
FROM made JOIN lines ON lines.line = made.line WHERE kind < 4 AND place < 5
UNION ALL
SELECT made.sent_on + 20, lines.amount_fen - 1, '', '', 'returned ' || lines.line
FROM made JOIN lines ON lines.line = made.line WHERE kind = 4 AND place < 2
UNION ALL
SELECT MIN(made.sent_on) + 3, -SUM(lines.amount_fen)::BIGINT, '', '', lines.batch
FROM made JOIN lines ON lines.line = made.line
WHERE kind = 19 AND place BETWEEN 90 AND 93 GROUP BY b, lines.batch;

CREATE OR REPLACE TABLE bank AS
WITH filled AS (
    SELECT * FROM moved
    UNION ALL
    SELECT sent_on + 2, CASE WHEN i % 3 = 0 THEN amount_fen ELSE -amount_fen END,
        'A-ELSEWHERE' || CAST(i % 1000 AS VARCHAR), '', 'other'
    FROM made WHERE i < {n} - (SELECT COUNT(*) FROM moved)
)
SELECT
    'S' || CAST(EXTRACT(MONTH FROM "on") AS VARCHAR) AS statement,
    ROW_NUMBER() OVER (ORDER BY MD5(memo || account || CAST("on" AS VARCHAR) || CAST(signed_fen AS VARCHAR))) AS "row",
    "on", CAST(signed_fen AS BIGINT) AS signed_fen,
    LPAD(CAST(ROW_NUMBER() OVER () AS VARCHAR), 12, '0') AS serial,
    account, person, memo
FROM filled
ORDER BY "row";

DROP TABLE made;
DROP TABLE moved;
"""


def make(connection: duckdb.DuckDBPyConnection, lines: int) -> None:
    """Make the tables `lines`, `bank` and `batches`, of as many lines as bank rows."""
    for statement in (_LINES + ";" + _SIDES).format(n=lines).split(";\n"):
        if statement.strip():
            connection.execute(statement)
