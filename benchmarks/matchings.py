"""Payment lines and bank rows of every tier and class, made by SQL from numbers alone.

Of twenty batches of a hundred lines: eight are paid with the line's id in the memo, two with the
batch number, four with the account alone, one with the name alone, three as a lump (one less its
failures, one with its failures back), one is of lines alike, and one is paid in all the wrong ways.
"""

from __future__ import annotations

import duckdb

_MADE = """
CREATE OR REPLACE TABLE made AS
SELECT
    i, i // 100 AS b, (i // 100) % 20 AS kind, i % 100 AS place,
    CASE WHEN (i // 100) % 20 = 19 AND i % 100 BETWEEN 60 AND 64 THEN i - 5 ELSE i END AS root,
    CASE WHEN (i // 100) % 20 = 18 THEN i - i % 4
        WHEN (i // 100) % 20 = 19 AND i % 100 BETWEEN 70 AND 77 THEN i - i % 2 ELSE i END AS payee,
    'B-' || LPAD(CAST(i // 100 AS VARCHAR), 9, '0') AS batch,
    CAST(100 * (500 + CASE WHEN (i // 100) % 20 = 18
            OR ((i // 100) % 20 = 19 AND i % 100 BETWEEN 70 AND 77) THEN 0
        ELSE (i * 7919) % 4001 END) AS BIGINT) AS amount_fen,
    DATE '2025-12-20' + CAST((i // 100) % 343 AS INTEGER) AS sent_on
FROM RANGE({n}) AS t (i);

CREATE OR REPLACE TABLE lines AS
SELECT
    'L-' || TRANSLATE(UPPER(SUBSTRING(MD5(CAST(root AS VARCHAR)), 1, 12)), '0189', 'QRST')
        || CASE WHEN root <> i THEN '-2' ELSE '' END AS line,
    batch,
    'A-' || UPPER(SUBSTRING(MD5('a' || CAST(payee AS VARCHAR)), 1, 12)) AS account,
    'P-' || UPPER(SUBSTRING(MD5('p' || CAST(CASE WHEN place < 50 THEN payee ELSE i END AS VARCHAR)), 1, 12))
        AS person,
    amount_fen, sent_on,
    CASE WHEN kind IN (16, 17) AND place % 20 = 7 THEN 'failed' ELSE 'exported' END AS state,
    CAST(NULL AS DATE) AS debited_on, CAST(NULL AS DATE) AS credited_on, '' AS receipt,
    i, b, kind, place
FROM made;

CREATE OR REPLACE TABLE batches AS
SELECT batch, MIN(sent_on) AS sent_on, COUNT(*) AS "count", CAST(SUM(amount_fen) AS BIGINT) AS amount_fen
FROM lines GROUP BY batch;
"""

_MOVED = """
CREATE OR REPLACE TABLE moved AS
SELECT sent_on + CAST(i % 4 AS INTEGER) AS "on", -amount_fen AS signed_fen, account, person,
    '2026 subsidy ' || line || ' paid' AS memo
FROM lines WHERE kind < 8
UNION ALL
SELECT sent_on + CAST(i % 4 AS INTEGER), -amount_fen, account, person, 'batch ' || batch
FROM lines WHERE kind = 8 OR (kind = 9 AND place < 95)
UNION ALL
SELECT MIN(sent_on) + 3, -CAST(SUM(amount_fen) AS BIGINT), '', '', batch
FROM lines WHERE kind = 9 AND place BETWEEN 95 AND 97 GROUP BY batch
UNION ALL
SELECT sent_on + CAST(i % 4 AS INTEGER), -amount_fen, account, person, 'subsidy'
FROM lines WHERE kind BETWEEN 10 AND 13
UNION ALL
SELECT sent_on + CASE WHEN b % 40 < 20 THEN 1 ELSE CAST(i % 3 AS INTEGER) END, -amount_fen, account, person, 'subsidy'
FROM lines WHERE kind = 18 AND place % 8 <> 3
UNION ALL
SELECT sent_on + CAST(i % 4 AS INTEGER), -amount_fen, '', person, 'subsidy' FROM lines WHERE kind = 14
UNION ALL
SELECT MIN(sent_on) + 1, -CAST(SUM(amount_fen) AS BIGINT), 'A-BANK', '', CASE WHEN b % 3 = 0 THEN '' ELSE batch END
FROM lines WHERE kind IN (15, 17) OR (kind = 16 AND state <> 'failed') GROUP BY b, kind, batch
UNION ALL
SELECT MIN(sent_on) + 5, CAST(SUM(amount_fen) AS BIGINT), 'A-BANK', '', batch
FROM lines WHERE kind = 17 AND state = 'failed' GROUP BY b, batch
UNION ALL
SELECT sent_on + 8, -amount_fen - 100 * (place % 3 - 1), account, person, line
FROM lines WHERE kind = 19 AND place < 55
UNION ALL
SELECT sent_on + 1, -amount_fen, account, person, line FROM lines WHERE kind = 19 AND place BETWEEN 55 AND 59
UNION ALL
SELECT sent_on - 1, -amount_fen, account, person, line FROM lines WHERE kind = 19 AND place BETWEEN 60 AND 64
UNION ALL
SELECT sent_on + 9, -amount_fen, account, person, line FROM lines WHERE kind = 19 AND place < 20
UNION ALL
SELECT sent_on + 2, -amount_fen, account, '', '' FROM lines WHERE kind = 19 AND place BETWEEN 65 AND 69
UNION ALL
SELECT sent_on + 3, -amount_fen, account, '', '' FROM lines WHERE kind = 19 AND place BETWEEN 65 AND 69
UNION ALL
SELECT sent_on + 3, -amount_fen, account, '', '' FROM lines WHERE kind = 19 AND place IN (70, 72, 74, 76)
UNION ALL
SELECT MIN(sent_on) + 3, -CAST(SUM(amount_fen) AS BIGINT), '', '', batch
FROM lines WHERE kind = 19 AND place BETWEEN 90 AND 93 GROUP BY batch
UNION ALL
SELECT sent_on + 12, amount_fen, account, '', 'returned' FROM lines WHERE kind BETWEEN 10 AND 13 AND place < 8
UNION ALL
SELECT sent_on + 12, amount_fen, '', '', 'returned ' || line FROM lines WHERE kind < 4 AND place < 5
UNION ALL
SELECT sent_on + 20, amount_fen - 1, '', '', 'returned ' || line FROM lines WHERE kind = 4 AND place < 2
UNION ALL
SELECT sent_on + 20, amount_fen - 1, account, '', 'returned' FROM lines WHERE kind = 10 AND place IN (20, 21);

CREATE OR REPLACE TABLE bank AS
WITH filled AS (
    SELECT * FROM moved
    UNION ALL
    SELECT sent_on + 2, CASE WHEN i % 3 = 0 THEN amount_fen ELSE -amount_fen END,
        'A-ELSEWHERE' || CAST(i % 1000 AS VARCHAR), '', 'other'
    FROM lines WHERE i < {n} - (SELECT COUNT(*) FROM moved)
)
SELECT
    'S' || CAST(EXTRACT(MONTH FROM "on") AS VARCHAR) AS statement,
    ROW_NUMBER() OVER (ORDER BY MD5(memo || account || CAST("on" AS VARCHAR) || CAST(signed_fen AS VARCHAR)))
        AS "row",
    "on", CAST(signed_fen AS BIGINT) AS signed_fen,
    LPAD(CAST(ROW_NUMBER() OVER () AS VARCHAR), 12, '0') AS serial,
    account, person, memo
FROM filled
ORDER BY "row";

CREATE OR REPLACE TABLE lines AS SELECT * EXCLUDE (i, b, kind, place) FROM lines;
DROP TABLE made;
DROP TABLE moved;
"""


def make(connection: duckdb.DuckDBPyConnection, lines: int) -> None:
    """Make the tables `lines`, `bank` and `batches`, of as many lines as bank rows."""
    for statement in (_MADE + _MOVED).format(n=lines).split(";\n"):
        if statement.strip():
            connection.execute(statement)
