"""Which stored credential a URL gets: all places to look, in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mm_channels.credentials.keys import domain_keys, path_keys

if TYPE_CHECKING:
    from mm_channels.channel.url import CondaURL
    from mm_channels.credentials.kinds import BasicAuth, Credential, S3Keys
    from mm_channels.credentials.netrc_file import NetrcFile

__all__ = ["CredentialLookup"]

_LOOPBACK = ("localhost", "127.", "[::1]")


class CredentialLookup:
    """All credentials a user has stored anywhere; safe to use from several threads.

    Files are read when the first URL is asked for, once. In order: the tokens of
    anaconda-client; the store of ``auth login``; rattler's, that is the file named
    by ``RATTLER_AUTH_FILE``, the keychain, ``~/.rattler/credentials.json``.

    home, env -- of the user
    warn      -- told, in one line each, what cannot be read and what is not safe
    """

    def __init__(
        self,
        home: Path,
        env: Mapping[str, str],
        warn: Callable[[str], None] = lambda message: None,
    ) -> None:
        self._home = home
        self._env = env
        self._lock = threading.RLock()
        self._of_host: dict[str, Credential | None] = {}
        self._said: set[str] = set()
        self._tell = warn

    def find(self, url: CondaURL) -> Credential | None:
        """The credential for *url*: the most specific of the first place that has one."""
        with self._lock:
            stored = self._stored
            for key in path_keys(url):
                if key in stored:
                    return stored[key]
            if url.host not in self._of_host:
                self._of_host[url.host] = self._from_rattler(url.host)
            return self._of_host[url.host]

    def find_s3(self, url: CondaURL) -> S3Keys | None:
        """The keys for ``s3://bucket/path``: of that URL, or one above it."""
        from mm_channels.credentials.kinds import S3Keys

        with self._lock:
            for store in self._rattler_stores:
                for key in path_keys(url):
                    found = store.get(f"s3://{key}")
                    if isinstance(found, S3Keys):
                        return found
        return None

    def find_netrc(self, host: str) -> BasicAuth | None:
        """User and password for *host* in the user's netrc file."""
        with self._lock:
            return self._netrc.find(host)

    def note_use(self, url: CondaURL) -> None:
        """A credential goes to *url*: say so if everybody on the way can read it."""
        if url.scheme == "http" and not url.host.startswith(_LOOPBACK):
            self._warn(f"The credentials for {url.host} travel unprotected: it is an http:// URL")

    def _warn(self, message: str) -> None:
        with self._lock:
            known = message in self._said
            self._said.add(message)
        if not known:
            self._tell(message)

    @cached_property
    def _stored(self) -> dict[str, Credential]:
        from mm_channels.credentials.anaconda_client import read_anaconda_tokens
        from mm_channels.credentials.store import CredentialStore

        store = CredentialStore.of_user(self._home)
        return store.read(self._warn) | read_anaconda_tokens(self._home, self._warn)

    @cached_property
    def _netrc(self) -> NetrcFile:
        from mm_channels.credentials.netrc_file import NetrcFile

        return NetrcFile(self._home, self._env, self._warn)

    @cached_property
    def _rattler_stores(self) -> tuple[dict[str, Credential], dict[str, Credential]]:
        """The one that the environment names, and the usual one."""
        from mm_channels.credentials.rattler import read_rattler_store

        usual = self._home / ".rattler" / "credentials.json"
        first: dict[str, Credential] = {}
        if named := self._env.get("RATTLER_AUTH_FILE"):
            path = Path(named).expanduser()
            if not path.exists():
                self._warn(f"RATTLER_AUTH_FILE names {path}, which does not exist")
            first = read_rattler_store(path, self._warn)
        last = read_rattler_store(usual, self._warn)
        return first, last

    def _from_rattler(self, host: str) -> Credential | None:
        from mm_channels.credentials.keychain import find_in_keychain

        named, usual = self._rattler_stores
        return (
            _by_domain(named, host) or find_in_keychain(host, self._warn) or _by_domain(usual, host)
        )


def _by_domain(store: Mapping[str, Credential], host: str) -> Credential | None:
    return next((store[key] for key in domain_keys(host) if key in store), None)
