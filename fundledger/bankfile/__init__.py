"""Files for banks (代发) and their answers (回盘): values in, bytes out; bytes in, values out."""

from fundledger.bankfile.cover import cover_sheet
from fundledger.bankfile.layouts import Expected, Layouts
from fundledger.bankfile.order import Payee, PaymentOrder, Sent, SentLine, sent_of
from fundledger.bankfile.profile import BankProfile
from fundledger.bankfile.profiles import bank_named, load_banks, load_layouts
from fundledger.bankfile.render import BankFile, render
from fundledger.bankfile.results import BankResults, Result, read_results

__all__ = [
    "BankFile",
    "BankProfile",
    "BankResults",
    "Expected",
    "Layouts",
    "Payee",
    "PaymentOrder",
    "Result",
    "Sent",
    "SentLine",
    "bank_named",
    "cover_sheet",
    "load_banks",
    "load_layouts",
    "read_results",
    "render",
    "sent_of",
]
