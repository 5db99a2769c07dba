"""How bytes get here, by HTTP or from a file. `Transport` is all that others need."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mm_channels.errors import NetworkError, OfflineError
from mm_channels.network import Network
from mm_channels.transport.sink import Received, Sink, Validators
from mm_pkg.cancellation import Cancellation

if TYPE_CHECKING:
    from mm_channels.channel.url import CondaURL
    from mm_channels.credentials import CredentialLookup
    from mm_channels.transport.credentials import Credentials
    from mm_channels.transport.http import HttpClient

__all__ = ["Received", "Sink", "Transport", "Validators"]


class Transport:
    """Transfers files by URL; one for a whole run. Safe to use from several threads.

    Nothing is imported and no connection made before the first request.

    stored -- the user's credentials; without them only those in URLs are used

    >>> with Transport(Network(offline=True)) as transport:
    ...     transport.network.offline
    True
    """

    def __init__(
        self,
        network: Network = Network(),  # noqa: B008 (a frozen value)
        stored: CredentialLookup | None = None,
    ) -> None:
        self.network = network
        self._stored = stored
        self._http: HttpClient | None = None
        self._known: Credentials | None = None
        self._shared: list[tuple[CondaURL, CondaURL]] = []
        self._users: list[Callable[[], Callable[[], None] | None]] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def before_close(self, stop: Callable[[], None]) -> None:
        """Have the method *stop* called, once, when this is closed: for who uses it on threads.

        That does not keep alive whose method it is.
        """
        from weakref import WeakMethod

        self._users.append(WeakMethod(stop))

    def close(self) -> None:
        """Close connections that are kept for further requests."""
        while self._users:
            stop = self._users.pop()()
            if stop is not None:
                stop()
        if self._http is not None:
            self._http.close()

    def abort(self) -> None:
        """End all running transfers: their threads get an error at once."""
        if self._http is not None:
            self._http.abort()

    def learn(self, location: CondaURL) -> None:
        """Use the credentials in *location* for what lies below it, and for nothing else."""
        if location.has_credentials:
            self._credentials().learn(location)

    def share(self, location: CondaURL, folder: CondaURL) -> None:
        """Use what is good for *location* for *folder* as well, if that is on the same server."""
        if folder.origin == location.origin and (self._stored or location.has_credentials):
            self._shared.append((location, folder))  # without the network nobody asks

    def fetch(
        self,
        url: str,
        sink: Sink,
        *,
        validators: Validators = Validators(),  # noqa: B008 (a frozen value)
        encoded: bool = False,
        on_start: Callable[[int | None], None] = lambda size: None,
        on_bytes: Callable[[int], None] = lambda amount: None,
        retries: int | None = None,
        cancellation: Cancellation | None = None,
    ) -> Received:
        """Write the file at *url* into *sink*.

        url        -- public; credentials are added here
        validators -- of the version at hand, if any: it may turn out not to be modified
        encoded    -- let the server compress on the way (for text; such a transfer is
                      not resumed)
        on_start   -- told the number of bytes to come, or None
        on_bytes   -- told of every piece; negative when a transfer begins anew
        retries    -- how often a failed transfer is tried again, if not as `network` says

        Raises `mm_channels.errors.NetworkError` and its kinds (`OfflineError` where the
        network may not be used), what *sink* raises, and `mm_pkg.cancellation.Cancelled`.
        """
        cancellation = cancellation or Cancellation()
        scheme = url.partition("://")[0].lower()
        if scheme == "file":
            from mm_channels.transport.file import fetch_file

            return fetch_file(
                url, sink, validators=validators, on_start=on_start, on_bytes=on_bytes,
                cancellation=cancellation,
            )  # fmt: skip
        public, request = self._request(url)
        if scheme not in ("http", "https"):
            raise NetworkError(
                f"{public} cannot be fetched: {scheme}:// is not supported",
                url=public,
                hint="Use an http://, https:// or file:// URL.",
            )
        if self.network.offline:
            raise OfflineError(
                f"{public} is needed, but the network may not be used",
                url=public,
                hint="Run again without --offline.",
            )
        return self._client().fetch(
            public, request, sink, validators=validators, encoded=encoded, on_start=on_start,
            on_bytes=on_bytes, retries=retries, cancellation=cancellation,
        )  # fmt: skip

    def _request(self, url: str) -> tuple[str, tuple[str, dict[str, str]]]:
        """The public form of *url*, and what to ask for with which headers."""
        if (
            not (self._known or self._stored or self._shared)
            and "@" not in url
            and "/t/" not in url
        ):
            return url, (url, {})
        from mm_channels.channel.url import CondaURL

        return CondaURL.parse(url).public, self._credentials().apply(url)

    def _credentials(self) -> Credentials:
        from mm_channels.transport.credentials import Credentials

        with self._lock:
            if self._known is None:
                self._known = Credentials(self._stored)
            while self._shared:
                self._known.share(*self._shared.pop())
            return self._known

    def _client(self) -> HttpClient:
        with self._lock:
            if self._http is None:
                from mm_channels.transport.http import HttpClient

                self._http = HttpClient(self.network)
            return self._http
