"""A message holds against the schema that ISO 20022 publishes; sepaxml brings it unchanged."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import xmlschema

from fundledger.bankfile import PaymentOrder, bank_named, load_banks, render
from support.honest_bank import order_of

ISO = bank_named(load_banks(Path(__file__).parents[2] / "rules"), "iso20022")


def changed(order: PaymentOrder, at: int = 0, **fields: object) -> PaymentOrder:
    """Return an order with one payee changed."""
    payees = list(order.payees)
    payees[at] = payees[at]._replace(**fields)  # type: ignore[arg-type]
    return replace(order, payees=tuple(payees))


def test_a_message_holds_against_the_schema_of_iso_20022() -> None:
    found = find_spec("sepaxml")
    assert found is not None
    assert found.origin is not None
    schema = xmlschema.XMLSchema(str(Path(found.origin).parent / "schemas/pain.001.001.09.xsd"))
    order = order_of(151000, 5, 10**13 - 1)
    plain = changed(changed(order, 0, bank_code="", bank=""), 1, memo="", bank_code="")
    lengthy = changed(order, 0, name="某" * 140, memo="附" * 140, account="1" * 32, bank="行" * 140)
    coded = ISO.out.model_copy(update={"bank_code": "102290000011"})

    for tried in (order, plain, lengthy, replace(order, purpose="用" * 140, payer_name="街" * 140)):
        for profile in (ISO, ISO.model_copy(update={"out": coded})):
            schema.validate(render(tried, profile).data.decode())
    torn = render(order, ISO).data.decode().replace("<PmtMtd>TRF</PmtMtd>", "")
    assert not schema.is_valid(torn)
