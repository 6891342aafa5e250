"""The vault: the only place that knows who a pseudonym is, and who asked and what for."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from fundledger.errors import Busy, VaultClosed
from fundledger.findings import Finding
from fundledger.media import locked_within, sync, sync_path, write_all
from fundledger.people.key import VaultKey
from fundledger.people.person import Account, Person, changed_fields, with_account
from fundledger.people.personal import personal
from fundledger.people.pseudonyms import Pseudonyms
from fundledger.people.readlog import append_line, last_written
from fundledger.people.sealed import Unsealable, header_of, seal, unseal

__all__ = ["Account", "Person", "Vault", "with_account"]

_LOCK_SECONDS = 30.0
_NONCE_BYTES = 12
_LONGEST_PURPOSE = 100


class _Content(Struct):
    """What is sealed: the key of the pseudonyms, which stays when the file's is changed; people."""

    pseudonym_key: str
    people: dict[str, Person]


_CONTENT = Decoder(_Content)


class Vault:
    """One encrypted file of people, and beside it the log of who read whom.

    A rotation of the file's key leaves the pseudonyms as they are, for journals hold them.
    """

    def __init__(
        self,
        path: Path,
        key: VaultKey,
        now: Callable[[], str],
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """Take the vault at `path`; `now` gives ISO time, `random` so many random bytes."""
        self.path = path
        self._key = key
        self._now = now
        self._random = random

    @property
    def log_path(self) -> Path:
        """Where it is written who read whom, when and what for."""
        return self.path.with_suffix(".reads.jsonl")

    @staticmethod
    def expect_none(path: Path) -> None:
        """Refuse a vault that is there already, before a key is made for another.

        Raises:
            VaultClosed: FL725.

        """
        if os.path.lexists(path):
            raise VaultClosed(Finding("FL725", str(path)))

    def create(self) -> None:
        """Make an empty vault.

        Raises:
            VaultClosed: FL725, there is one.

        """
        with self._locked():
            self.expect_none(self.path)
            self._write(_Content(self._random(32).hex(), {}), 1, self._key)

    def pseudonyms(self) -> Pseudonyms:
        """Return the maker of this office's pseudonyms.

        Raises:
            VaultClosed: FL726 to FL728, the vault cannot be opened.

        """
        return Pseudonyms(bytes.fromhex(self._read()[0].pseudonym_key))

    def pseudonyms_of(self, people: Iterable[Person]) -> list[str]:
        """Return the pseudonyms of people, known here or not."""
        made = self.pseudonyms()
        return [made.person(person.identity) for person in people]

    def put(self, people: Iterable[Person]) -> dict[str, Person]:
        """Keep people, each in place of what was known of them; returns them by pseudonym.

        All or nothing; what comes out is durable.

        Raises:
            VaultClosed: FL726 to FL728, the vault cannot be opened; FL729, two people would have
                one pseudonym.
            Busy: FL906, another process kept the vault for too long.

        """
        with self._locked():
            content, generation = self._read()
            made = Pseudonyms(bytes.fromhex(content.pseudonym_key))
            put: dict[str, Person] = {}
            for person in people:
                name = made.person(person.identity)
                known = put.get(name) or content.people.get(name)
                if known is not None and known.identity != person.identity:
                    raise VaultClosed(Finding("FL729", name))
                put[name] = person
            new = sum(content.people.get(name) != one for name, one in put.items())
            if new:
                content.people.update(put)
                self._write(content, generation + 1, self._key, put=new)
            return put

    def read(self, pseudonyms: Iterable[str], *, actor: str, purpose: str) -> dict[str, Person]:
        """Return people by pseudonym; those whom nobody knows are left out.

        Who reads whom and what for is in the log, durably, before anything is given; of those whom
        nobody knows, how many were asked for.

        Raises:
            VaultClosed: FL726 to FL728, the vault cannot be opened; FL730, it was not said who
                reads or what for, or the log cannot be written.

        """
        asked = sorted(set(pseudonyms))
        self._expect_reason(actor, purpose)
        content, _ = self._read()
        found = {name: content.people[name] for name in asked if name in content.people}
        said = {"at": self._now(), "actor": actor, "purpose": purpose, "people": list(found)}
        self._log({**said, "unknown": len(asked) - len(found)})
        return found

    def change(
        self,
        pseudonym: str,
        change: Callable[[Person], Person],
        *,
        actor: str,
        purpose: str,
    ) -> Person:
        """Keep somebody as `change` makes them of what is known; returns how they are kept now.

        Who changes whom, which fields and what for is in the log, durably, before it is kept.

        Raises:
            VaultClosed: FL713, nobody knows them; FL726 to FL728, the vault cannot be opened;
                FL729, it is somebody else then; FL730, as `read`.
            Busy: FL906, another process kept the vault for too long.

        """
        self._expect_reason(actor, purpose)
        with self._locked():
            content, generation = self._read()
            known = content.people.get(pseudonym)
            if known is None:
                raise VaultClosed(Finding("FL713", pseudonym))
            person = change(known)
            if person.identity != known.identity:
                raise VaultClosed(Finding("FL729", pseudonym))
            if person != known:
                said = {"at": self._now(), "actor": actor, "purpose": purpose}
                self._log({**said, "people": [pseudonym], "changed": changed_fields(known, person)})
                content.people[pseudonym] = person
                self._write(content, generation + 1, self._key)
            return person

    def rotate(self, key: VaultKey) -> None:
        """Seal the vault with another key; the one before opens it no more.

        Raises:
            VaultClosed: FL726 to FL728, the vault cannot be opened.
            Busy: FL906, another process kept the vault for too long.

        """
        with self._locked():
            content, generation = self._read()
            self._write(content, generation + 1, key, sealed_with=key.id)
            self._key = key

    def _read(self) -> tuple[_Content, int]:
        try:
            data = _bytes_of(self.path)
        except OSError as error:
            details = {"reason": error.strerror or str(error)}
            raise VaultClosed(Finding("FL726", str(self.path), details)) from error
        try:
            header = header_of(data)
            if header.key_id != self._key.id:
                details = {"wanted": header.key_id, "given": self._key.id}
                raise VaultClosed(Finding("FL727", str(self.path), details))
            content = _CONTENT.decode(unseal(data, self._key))
        except (Unsealable, MsgspecError) as error:
            raise VaultClosed(Finding("FL728", str(self.path))) from error
        known = last_written(self.log_path)
        if header.generation < known:
            times = {"found": header.generation, "known": known}
            raise VaultClosed(Finding("FL747", str(self.path), times))
        return content, header.generation

    def _write(self, content: _Content, generation: int, key: VaultKey, **said: object) -> None:
        """Put a new file in the vault's place, all or nothing, and make it durable.

        What is `said` of it goes into the log: how many it keeps anew, or which key it has now.

        Raises:
            VaultClosed: FL726, the disk refused; the vault is as it was.

        """
        data = seal(encode(content), key, generation, self._random(_NONCE_BYTES))
        fresh = self.path.with_suffix(".new")
        try:
            fresh.unlink(missing_ok=True)
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                write_all(handle, data)
                sync(handle)
            finally:
                os.close(handle)
            fresh.rename(self.path)
        except OSError as error:
            details = {"reason": error.strerror or str(error)}
            raise VaultClosed(Finding("FL726", str(self.path), details)) from error
        sync_path(self.path.parent)
        with suppress(VaultClosed):  # it is written; to call that a failure would lose a new key
            self._log({"at": self._now(), **said, "written": generation})

    def _expect_reason(self, actor: str, purpose: str) -> None:
        reason = _unfit(actor, purpose)
        if reason:
            raise VaultClosed(Finding("FL730", str(self.log_path), {"reason": reason}))

    def _log(self, said: Mapping[str, object]) -> None:
        try:
            append_line(self.log_path, encode(said))
        except OSError as error:
            details = {"reason": error.strerror or str(error)}
            raise VaultClosed(Finding("FL730", str(self.log_path), details)) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from writing the vault; the lock is a file of its own beside it."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.path.with_suffix(".lock"), flags, 0o600)
        except OSError as error:
            details = {"reason": error.strerror or str(error)}
            raise VaultClosed(Finding("FL726", str(self.path), details)) from error
        try:
            if not locked_within(handle, fcntl.LOCK_EX, _LOCK_SECONDS):
                raise Busy(Finding("FL906", self.path.name, {"seconds": _LOCK_SECONDS}))
            yield
        finally:
            os.close(handle)


def _unfit(actor: str, purpose: str) -> str:
    """Return why a read cannot be logged as it is said: the log names nobody but who reads."""
    if not actor.strip() or not purpose.strip():
        return "unsaid"
    if not purpose.isprintable() or len(purpose) > _LONGEST_PURPOSE:
        return "long"
    return "personal" if personal(purpose) or personal(actor) else ""


def _bytes_of(path: Path) -> bytes:
    """Return what a plain file holds; a link or a pipe in its place is no vault."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return file.read()
