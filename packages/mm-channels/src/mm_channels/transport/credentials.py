"""Which credentials belong to which URL.

Records, messages and cache files hold public URLs. Only here, right before a
request, is a URL joined with the secrets of the channel it lies below, or with
what the user has stored for it.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from mm_channels.channel.url import CondaURL
from mm_channels.credentials.kinds import BasicAuth, BearerToken, CondaToken

if TYPE_CHECKING:
    from mm_channels.credentials.lookup import CredentialLookup

__all__ = ["Credentials"]


class Credentials:
    """The credentials of the channels in use, and behind them those that are stored."""

    def __init__(self, stored: CredentialLookup | None = None) -> None:
        self._stored = stored
        self._locations: dict[str, CondaURL] = {}
        self._shared: dict[str, tuple[CondaURL, CondaURL]] = {}

    def learn(self, location: CondaURL) -> None:
        """Use the credentials of *location*, if it has any, for all that lies below it."""
        if location.has_credentials:
            self._locations[location.public] = location

    def share(self, location: CondaURL, folder: CondaURL) -> None:
        """What is good for *location* is good for *folder*, which is on the same server."""
        self._shared[folder.public] = (folder, location)

    def apply(self, url: str) -> tuple[str, dict[str, str]]:
        """The URL to ask for and the headers to add, for the public *url*.

        Credentials that *url* itself holds come first, then those of its channel, then
        stored ones: what the former leave open, a token or a user, the latter may add.
        """
        own = CondaURL.parse(url)
        above = _nearest(own, {key: folder for key, (folder, _) in self._shared.items()})
        found = self._secrets(self._shared[above.public][1]) if above else None
        if found is None:
            found = self._secrets(own)
        if found is None:
            return url, {}
        token, headers = found
        public = own.public
        if not token:
            return public, headers
        origin = f"{own.scheme}://{public.split('/', 3)[2]}"
        return f"{origin}/t/{token}{public[len(origin) :]}", headers

    def _secrets(self, url: CondaURL) -> tuple[str, dict[str, str]] | None:
        """The token for the path, as it is written there, and the headers; None for neither."""
        holder = url if url.has_credentials else _nearest(url, self._locations)
        token, authorization = "", ""
        if holder is not None:
            token = holder.token
            if holder.user or holder.password:
                authorization = _basic(unquote(holder.user), unquote(holder.password))
        if self._stored is not None:
            found = self._stored.find(url)
            used = token, authorization
            if isinstance(found, CondaToken):
                token = token or quote(found.token, safe="")
            elif isinstance(found, BasicAuth):
                authorization = authorization or _basic(found.user, found.password)
            elif isinstance(found, BearerToken):
                authorization = authorization or f"Bearer {found.token}"
            if not authorization and (basic := self._stored.find_netrc(url.host)):
                authorization = _basic(basic.user, basic.password)
            if used != (token, authorization):
                self._stored.note_use(url)
        if not token and not authorization:
            return None
        return token, {"Authorization": authorization} if authorization else {}


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _nearest(url: CondaURL, locations: dict[str, CondaURL]) -> CondaURL | None:
    """The most specific of *locations* that *url* is at or below."""
    above = [held for held in locations.values() if url.relative_to(held) is not None]
    return max(above, key=lambda held: len(held.components), default=None)
