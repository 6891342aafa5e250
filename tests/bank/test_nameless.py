"""What cannot be read of a statement is told without the names and numbers that stand there."""

from __future__ import annotations

import pytest

from fundledger.bank.problems import shown_cell


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1,2O0.00", "1,2O0.00"),
        ("2026年13月5日", "2026年13月5日"),
        ("壹仟元整", "壹仟元整"),
        ("20260231", "20260231"),
        ("平", "●"),
        ("某某甲 1234567890123456789", "●●● 12…"),
        ("１２３４５６７８９０１", "１２…"),
        ("某 13" + "0" * 9, "● 13…"),
        (None, "None"),
    ],
)
def test_a_cell_is_shown_without_names_and_long_numbers(cell: object, said: str) -> None:
    assert shown_cell(cell) == said
