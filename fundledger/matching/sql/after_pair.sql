INSERT INTO m_debit SELECT '{name}', l, r, nth, of_all, by_name, FALSE, {by_name} AND other_tag FROM m_met;
