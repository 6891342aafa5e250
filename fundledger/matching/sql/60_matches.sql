CREATE OR REPLACE TABLE matches AS
WITH all_of AS (
    SELECT pass, l, r, nth, of_all, by_name, other_account, other_name FROM m_debit
    UNION ALL
    SELECT pass, l, r, nth, of_all, by_name, other_account, other_name FROM m_back
)
SELECT
    CASE WHEN m_l.failed THEN m_pass.tier_if_failed ELSE m_pass.tier END AS tier,
    m_l.line, m_l.batch, m_bank.statement, m_bank."row", m_l.fen AS amount_fen,
    m_bank."day" - m_l.sent AS days,
    CASE
        WHEN all_of.of_all > 1 OR all_of.by_name OR all_of.other_account OR all_of.other_name
            THEN m_pass.reason
                || CASE WHEN all_of.by_name THEN ', told apart by name' ELSE '' END
                || CASE WHEN all_of.of_all > 1
                    THEN ', ' || CAST(all_of.nth AS VARCHAR) || ' of ' || CAST(all_of.of_all AS VARCHAR) || ' equal'
                    ELSE '' END
                || CASE WHEN all_of.other_account THEN ', another account' ELSE '' END
                || CASE WHEN all_of.other_name THEN ', another name' ELSE '' END
        ELSE m_pass.reason
    END AS reasons
FROM all_of
JOIN m_l ON m_l.l = all_of.l
JOIN m_bank ON m_bank.r = all_of.r
JOIN m_pass ON m_pass.pass = all_of.pass;
