"""Parts of a file as the trees that mapping rows read, in the bank's own names."""

from adapters.bank.amounts import read_amount, read_booking_day
from adapters.bank.payment_status import StatusRecord
from adapters.bank.record import Record
from adapters.bank.remittance import find_payer
from adapters.bank.statement import Statement, booked_lines, signed, statement_day
from adapters.bank.uses import Use, provided
from gateway.contract import Tree
from gateway.kernel import money


def tree_of(record: Record) -> Tree:
    """An entry: a contribution names its payer, a payment its EndToEndId, one that came back its reason."""
    booked_on = read_booking_day(record.booked or record.valued)
    assert booked_on is not None, "check_record refused a record without a day"
    tree = {
        "MsgId": record.message_id,
        "Acct": record.account,
        "Ref": record.reference,
        "EndToEndId": record.end_to_end_id,
        "Amt": record.amount,
        "Ccy": record.currency,
        "BookgDt": booked_on.isoformat(),
        "Dbtr": {"Nm": record.debtor.name},
        "RmtInf": {"Ustrd": " ".join(record.remittance)},
    }
    if record.use is Use.CONTRIBUTION:
        payer = find_payer(record)
        named = {"CitizenId": payer.citizen_id, "Nm": payer.name, "Year": payer.year, "Doubt": payer.doubt}
        return {**tree, "Payer": {name: value for name, value in named.items() if value}}
    more = {"EndToEndId": provided(record.end_to_end_id), "PmtInfId": record.payment_file}
    reason = {"Cd": record.reason, "AddtlInf": record.reason_text}
    return {**tree, **more, "CdtrAcct": record.creditor_account, "RtrInf": reason}


def status_tree(record: StatusRecord) -> Tree:
    """A status of a payment instruction."""
    reported_on = read_booking_day(record.reported)
    amount = read_amount(record.amount)
    return {
        "Ref": record.reference,
        "Acct": record.account,
        "OrgnlMsgId": record.file,
        "OrgnlEndToEndId": record.end_to_end_id,
        "Sts": record.status,
        "Rsn": {"Cd": record.reason, "AddtlInf": record.reason_text},
        "Amt": None if amount is None else money.text(amount),
        "RptdDt": reported_on.isoformat() if reported_on else None,
        "Excepted": [{"EndToEndId": id} for id in record.excepted],
    }


def statement_tree(statement: Statement) -> Tree:
    """A day of an account: balances, and every booked entry with its signed amount."""
    day = statement_day(statement)
    assert day is not None, "check_statement refused a statement without a day"
    lines = booked_lines(statement)
    return {
        "Ref": statement.id,
        "Acct": statement.account,
        "Day": day.isoformat(),
        "Opening": statement.opening or None,
        "Closing": statement.closing or None,
        "Ntry": [
            {"Ref": line.reference, "EndToEndId": provided(line.end_to_end_id), "Amt": money.text(signed(line))}
            for line in lines
        ],
    }
