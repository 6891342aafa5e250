"""All forms of a proposal, in their order."""

from __future__ import annotations

from fundledger.budget import Proposal
from fundledger.report.forms.cells import Form
from fundledger.report.forms.declared import declared
from fundledger.report.forms.derived import derived
from fundledger.report.forms.paid import paid
from fundledger.report.forms.suggested import suggested


def forms(proposal: Proposal) -> tuple[Form, ...]:
    """Return the forms that go to the joint conference, in their order."""
    return (suggested(proposal), declared(proposal), paid(proposal), derived(proposal))
