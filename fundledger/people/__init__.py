"""People: their numbers, names and accounts, and how all but the vault speaks of them."""

from fundledger.people.accounts import ReadAccount, luhn, read_account
from fundledger.people.committee import committee_of
from fundledger.people.identity import Document, Identity, Read, read_identity, repairs
from fundledger.people.masks import mask_account, mask_name, mask_number, mask_phone
from fundledger.people.names import fits_masked, plain_name, same_name
from fundledger.people.personal import personal
from fundledger.people.pseudonyms import Pseudonyms, is_pseudonym

__all__ = [
    "Document",
    "Identity",
    "Pseudonyms",
    "Read",
    "ReadAccount",
    "committee_of",
    "fits_masked",
    "is_pseudonym",
    "luhn",
    "mask_account",
    "mask_name",
    "mask_number",
    "mask_phone",
    "personal",
    "plain_name",
    "read_account",
    "read_identity",
    "repairs",
    "same_name",
]
