"""Keys of the API: a file of names and hashes, and who a key belongs to.

A key is 256 random bits, so that its plain SHA-256 tells nothing of it.
"""

import hashlib
import hmac
import logging
import os
import re
import secrets
from pathlib import Path

from ..data.files import writing_to
from ..errors import ReadError, UsageError

_LINE = re.compile(r"([A-Za-z0-9._-]{1,64}):([0-9a-f]{64})")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = logging.getLogger("trialkin")


class KeyRing:
    """The keys of a file, read again whenever it changes.

    A file that cannot be read, or has a line that is no key, lets nobody in; the log says why.
    """

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._hashes: dict[str, bytes] = {}

    def owner(self, key: str) -> str | None:
        """The name that a key belongs to, None if it is no key. Takes as long whichever it is."""
        self._refresh()
        given = _hash(key)
        found = None
        for name, known in self._hashes.items():
            if hmac.compare_digest(known, given):
                found = name
        return found

    def _refresh(self) -> None:
        try:
            state = self._path.stat()
            seen = (state.st_mtime_ns, state.st_size, state.st_ino)
            if seen == self._seen:
                return
            self._hashes = read_keys(self._path)
            self._seen = seen
            _log.info("%d API keys are valid.", len(self._hashes))
        except (OSError, ReadError) as error:
            if self._hashes or self._seen != (0, 0, 0):
                _log.warning("No API key is valid: %s", error)
            self._hashes, self._seen = {}, (0, 0, 0)


def read_keys(path: Path) -> dict[str, bytes]:
    """The hashes of a file of keys, by name. Empty lines and those that begin with # are passed over.

    Raises:
        ReadError: it cannot be read, or a line is not `NAME:SHA256`.
    """
    keys: dict[str, bytes] = {}
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or match[1] in keys:
            why = "is not NAME:SHA256" if match is None else "has a name that is there already"
            raise ReadError(f"{path}: line {number} {why}.", "Correct it, or make the key anew with trialkin keys add.")
        keys[match[1]] = match[2].encode()
    return keys


def add_key(path: Path, name: str) -> str:
    """Make a key and append its hash to a file, which is made if there is none.

    Returns:
        the key, which is kept nowhere.

    Raises:
        UsageError: the name is malformed or taken.
        ReadError, StorageError
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a key.", "Use up to 64 letters, digits, dots, dashes, underscores.")
    if path.exists() and name in read_keys(path):
        raise UsageError(f"There is a key named {name} already.", "Choose another name, or remove that key first.")
    key = secrets.token_urlsafe(32)
    with writing_to(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+b") as stream:
            before = b"" if stream.read()[-1:] in (b"", b"\n") else b"\n"
            stream.write(before + f"{name}:".encode() + _hash(key) + b"\n")
    return key


def remove_key(path: Path, name: str) -> None:
    """Take a key out of a file, in one step; its other lines, its owner and its mode stay.

    Raises:
        UsageError: there is no such key.
        ReadError, StorageError
    """
    if name not in read_keys(path):
        raise UsageError(f"There is no key named {name}.", "See trialkin keys list.")
    left = [line for line in _lines(path) if not line.strip().startswith(f"{name}:")]
    state = path.stat()
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with writing_to(path):
        try:
            aside.write_text("".join(f"{line}\n" for line in left))
            aside.chmod(state.st_mode)
            if (state.st_uid, state.st_gid) != (os.geteuid(), os.getegid()):
                os.chown(aside, state.st_uid, state.st_gid)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest().encode()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror}.", "Make it with trialkin keys add NAME.") from None
    except UnicodeDecodeError:
        raise ReadError(f"{path} is no text.", "Make another with trialkin keys add NAME.") from None
