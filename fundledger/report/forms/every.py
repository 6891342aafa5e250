"""All forms of a proposal, in their order."""

from __future__ import annotations

from fundledger.budget import Documents, Proposal
from fundledger.report.forms.aimed import aimed
from fundledger.report.forms.carried import carried
from fundledger.report.forms.cells import Form
from fundledger.report.forms.closed import closed
from fundledger.report.forms.declared import declared
from fundledger.report.forms.derived import derived
from fundledger.report.forms.moved import moved
from fundledger.report.forms.paid import paid
from fundledger.report.forms.suggested import suggested
from fundledger.report.forms.used import used


def forms(proposal: Proposal, beside: Documents | None = None) -> tuple[Form, ...]:
    """Return the forms that go to the joint conference, in their order.

    Without what stands `beside` the proposal those that show it are left out.
    """
    return (
        *(suggested(proposal), declared(proposal), paid(proposal, beside)),
        *(() if beside is None else forms_beside(proposal, beside)),
        derived(proposal),
    )


def forms_beside(proposal: Proposal, beside: Documents) -> tuple[Form, ...]:
    """Return the forms that say how the year before stands."""
    return (
        *(carried(beside), used(proposal, beside), aimed(proposal, beside)),
        *(moved(proposal, beside), closed(beside)),
    )
