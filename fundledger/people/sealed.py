"""One encrypted file: sealed and opened as a whole, and told from any other by one changed bit."""

from __future__ import annotations

from msgspec import MsgspecError, Struct
from msgspec.json import decode, encode

from fundledger.errors import VaultClosed
from fundledger.findings import Finding
from fundledger.people.key import VaultKey

_FORMAT = "fundledger vault 1"
_NONCE_BYTES = 12


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says in the clear: its format, the key it takes, and how often it was sealed.

    All of it is authenticated with the rest.
    """

    format: str
    algorithm: str
    key_id: str
    generation: int


class Unsealable(ValueError):  # noqa: N818 - the word of the trade
    """Bytes that no vault wrote, or that were changed since."""


def seal(content: bytes, key: VaultKey, generation: int, nonce: bytes) -> bytes:
    """Return content encrypted with AES-256-GCM behind its header; `nonce` are 12 random bytes."""
    head = encode(Header(_FORMAT, "AES-256-GCM", key.id, generation)) + b"\n"
    sealed: bytes = _cipher(key).encrypt(nonce, content, head)
    return head + nonce + sealed


def header_of(data: bytes) -> Header:
    """Return what a sealed file says in the clear.

    Raises:
        Unsealable: it is none of ours.

    """
    head, newline, _ = data.partition(b"\n")
    try:
        header = decode(head, type=Header)
    except (MsgspecError, ValueError) as error:
        raise Unsealable(str(error)) from error
    if not newline or header.format != _FORMAT or header.algorithm != "AES-256-GCM":
        raise Unsealable(header.format)
    return header


def unseal(data: bytes, key: VaultKey) -> bytes:
    """Return the content of a sealed file.

    Raises:
        Unsealable: it was changed, or sealed with another key.

    """
    header_of(data)
    cipher = _cipher(key)
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - heavy

    end = data.index(b"\n") + 1
    nonce, rest = data[end : end + _NONCE_BYTES], data[end + _NONCE_BYTES :]
    try:
        return bytes(cipher.decrypt(nonce, rest, data[:end]))
    except (InvalidTag, ValueError) as error:
        raise Unsealable(str(error)) from error


def _cipher(key: VaultKey):  # type: ignore[no-untyped-def]  # noqa: ANN202 - of a heavy module
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - heavy
    except ModuleNotFoundError as error:
        raise VaultClosed(Finding("FL731", "fundledger[people]")) from error
    derived = HKDF(SHA256(), 32, None, b"fundledger vault 1 content").derive(key.secret)
    return AESGCM(derived)
