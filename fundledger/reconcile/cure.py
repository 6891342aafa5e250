"""What would cure an exception: the step of a batch that books what the bank did."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.batches.advance import advance
from fundledger.ledger.batches.files import some_facts_of
from fundledger.ledger.batches.outcomes import Outcome, render_outcomes
from fundledger.ledger.batches.paylist import list_digest
from fundledger.ledger.batches.postings import Posted, posted
from fundledger.ledger.bodies import BatchBody

if TYPE_CHECKING:
    from fundledger.ledger.books import Books


class Cure(NamedTuple):
    """A step of a batch that would book what the bank did; without lines it takes the whole batch.

    `rows` are the bank's, by their marks, and `paper` the statement's file that it rests on; `code`
    is that of the finding; `vouchers` are what it would post.
    """

    code: str
    batch: str
    step: str
    on: str
    lines: tuple[str, ...]
    payments: int
    amount_fen: int
    rows: tuple[str, ...]
    paper: str
    vouchers: tuple[Posted, ...] = ()

    @property
    def digest(self) -> str:
        """The sha256 of the statement, which a program gives as the document of the step."""
        return self.rows[0].partition(":")[0]

    def words(self, fund: str, office: str = "") -> tuple[str, ...]:
        """Return the command that takes the step in an office's folder, but for who signs it.

        Without `office` it is the current folder.
        """
        named = [word for line in self.lines for word in ("--line", line)]
        return (
            *(("-C", office) if office else ()),
            "batch",
            self.step,
            fund,
            self.batch,
            "--date",
            self.on,
            *named,
            "--document",
            self.paper,
        )


def drafted(cure: Cure, books: Books) -> Cure:
    """Return the cure with what its step would post; nothing is recorded.

    Raises:
        Unfit: FL751, the list of the batch is not there or not as it was.

    """
    batch = books.batch(cure.batch)
    files: dict[str, bytes] = {}
    if cure.lines and batch is not None:
        facts = some_facts_of(books, batch, cure.lines)
        outcomes = [
            Outcome(line, cure.step, cure.on, facts[line].amount_fen) for line in cure.lines
        ]
        data = render_outcomes(outcomes)
        files[list_digest(data)] = data
    body = BatchBody(
        cure.batch,
        cure.step,
        cure.on,
        cure.payments,
        cure.amount_fen,
        next(iter(files), ""),
        cure.digest,
    )
    with books.with_files(files) as there:
        moves = advance(there, body, sequence=0, actor="", day=cure.on).moves
    keeps = books.charter.fund.carry_over == "keep"
    return cure._replace(vouchers=tuple(posted(cure.step, moves, keeps=keeps)))
