"""micromamba's file of credentials, ``~/.mamba/auth/authentication.json``.

One JSON object, key -> entry. Passwords are in base64, which hides them from a
glance and from nothing else: it is the file's mode that protects them.
"""

from __future__ import annotations

import contextlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mm_channels.atomic import temporary_name
from mm_channels.credentials.kinds import BasicAuth, BearerToken, CondaToken, Credential
from mm_channels.errors import CredentialStoreError, InvalidCredential

__all__ = ["CredentialStore"]

_PRIVATE_FOLDER, _PRIVATE_FILE, _OF_OTHERS = 0o700, 0o600, 0o077


def _basic(entry: Mapping[str, Any]) -> BasicAuth:
    return BasicAuth(_text(entry, "user"), b64decode(_text(entry, "password")).decode())


def _text(entry: Mapping[str, Any], field: str) -> str:
    value = entry[field]
    if not isinstance(value, str):
        raise TypeError(field)
    return value


_READERS: dict[str, Callable[[Mapping[str, Any]], Credential]] = {
    "BasicHTTPAuthentication": _basic,
    "CondaToken": lambda entry: CondaToken(_text(entry, "token")),
    "BearerToken": lambda entry: BearerToken(_text(entry, "token")),
}
"""Type of an entry -> what reads it."""


class CredentialStore:
    """The credentials a user has stored; nothing is read before it is asked for.

    >>> import tempfile
    >>> store = CredentialStore(Path(tempfile.mkdtemp(), "auth", "authentication.json"))
    >>> store.put("conda.example.org", CondaToken("tk-123"))
    >>> store.read()
    {'conda.example.org': CondaToken(*****)}
    >>> store.remove("conda.example.org"), store.remove("conda.example.org")
    (True, False)
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of_user(cls, home: Path) -> CredentialStore:
        """The store that all commands of the user with this *home* share."""
        return cls(home / ".mamba" / "auth" / "authentication.json")

    def read(self, warn: Callable[[str], None] = lambda message: None) -> dict[str, Credential]:
        """All credentials by key; what cannot be understood is left out, and *warn* told.

        A file that others can read is made private.
        """
        try:
            document = self._load()
        except CredentialStoreError as error:
            warn(error.message)
            return {}
        self._make_private(warn)
        found: dict[str, Credential] = {}
        for key, entry in document.items():
            try:
                credential = _READERS[entry["type"]](entry)
            except (InvalidCredential, KeyError, TypeError, ValueError):
                warn(f"The entry for {key} in {self.path} is not understood, and left out")
                continue
            if key.endswith("/") or key not in found:
                found[key.rstrip("/")] = credential
        return found

    def put(self, key: str, credential: Credential) -> None:
        """Store *credential* under *key*, in place of any other. Raises `CredentialStoreError`."""
        with self._changing() as document:
            document.pop(f"{key}/", None)
            document[key] = _entry(credential)

    def remove(self, key: str) -> bool:
        """Forget what is stored under *key*; False if there is nothing.

        Raises `CredentialStoreError`.
        """
        if not self.path.exists():
            return False
        with self._changing() as document:
            known = [each for each in (key, f"{key}/") if each in document]
            for each in known:
                del document[each]
        return bool(known)

    def clear(self) -> bool:
        """Forget everything; False if there was nothing. Raises `CredentialStoreError`."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._unwritable(error) from None
        return True

    def _load(self) -> dict[str, Any]:
        try:
            document = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise CredentialStoreError(
                f"{self.path} cannot be read: {error.strerror}", path=str(self.path)
            ) from None
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise CredentialStoreError(
                f"Could not parse authentication information from {self.path}: no JSON object",
                path=str(self.path),
                hint="Correct the file, or start anew with: micromamba auth logout --all",
            )
        return document

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """The document, to be changed; written when that is done. One process at a time."""
        try:
            self.path.parent.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
            with _exclusive(self.path.parent):
                document = self._load()
                before = dict(document)
                yield document
                if document != before:
                    _write_private(self.path, json.dumps(document, indent=4, sort_keys=True))
        except OSError as error:
            raise self._unwritable(error) from None

    def _make_private(self, warn: Callable[[str], None]) -> None:
        if os.name == "nt":
            return
        with contextlib.suppress(OSError):
            mode = self.path.stat().st_mode
            if mode & _OF_OTHERS:
                self.path.chmod(_PRIVATE_FILE)
                warn(f"Other users could read {self.path}; its mode is 0600 now")

    def _unwritable(self, error: OSError) -> CredentialStoreError:
        return CredentialStoreError(
            f"{self.path} could not be written: {error.strerror}",
            path=str(self.path),
            hint="Check the folder's permissions, and that the disk is not full.",
        )


def _entry(credential: Credential) -> dict[str, str]:
    if isinstance(credential, BasicAuth):
        password = b64encode(credential.password.encode()).decode()
        return {"type": credential.kind, "user": credential.user, "password": password}
    if isinstance(credential, (BearerToken, CondaToken)):
        return {"type": credential.kind, "token": credential.token}
    raise InvalidCredential(f"The store has no form for {credential.kind}")


def _write_private(path: Path, text: str) -> None:
    """Replace the file at *path*, or behind the link there, by one that only its owner reads."""
    target = os.path.realpath(path)
    temporary = temporary_name(target)
    try:
        file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(f"{text}\n")
            stream.flush()
            os.fsync(file)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Hold a lock on *folder*; file systems without locks do without."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
