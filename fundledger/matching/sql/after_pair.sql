INSERT INTO m_debit SELECT '{name}', l, r, nth, of_all, by_name FROM m_met;
