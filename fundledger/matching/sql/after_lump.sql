INSERT INTO m_lump SELECT '{name}', l, r, {less_failed} FROM m_met;
