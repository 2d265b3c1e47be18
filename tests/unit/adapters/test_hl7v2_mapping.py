"""The mapping rows of EHC^E01: what an invoice becomes is a complete R4 Claim."""

import pytest

from adapters.hl7v2.adapter import ADAPTER
from adapters.hl7v2.sender import Invoice
from gateway.contract import Incoming
from gateway.exchange.translate import to_fhir
from gateway.fhir.claim import check_claim
from tests.unit.adapters.hl7v2_cases import INVOICE, STAY, claim, mappings


@pytest.mark.parametrize("invoice", [INVOICE, STAY], ids=["chronic", "stay"])
@pytest.mark.parametrize("predetermination", [False, True], ids=["final", "trial"])
def test_an_invoice_becomes_a_claim_without_structural_problems(invoice: Invoice, predetermination: bool) -> None:
    message = ADAPTER.decode(Incoming(claim(invoice, predetermination=predetermination)))

    [made] = to_fhir(mappings()["hl7v2", message.type], message.tree)

    assert check_claim(made) == []
    assert made["insurance"] == [{"sequence": 1, "focal": True, "coverage": {"display": "resident"}}]
