"""Which credentials belong to which URL.

Records, messages and cache files hold public URLs. Only here, right before a
request, is a URL joined with the secrets of the channel it lies below.
"""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import unquote

from mm_channels.channel.url import CondaURL

__all__ = ["Credentials"]


class Credentials:
    """The credentials of the channels in use."""

    def __init__(self) -> None:
        self._locations: dict[str, CondaURL] = {}

    def learn(self, location: CondaURL) -> None:
        """Use the credentials of *location*, if it has any, for all that lies below it."""
        if location.has_credentials:
            self._locations[location.public] = location

    def apply(self, url: str) -> tuple[str, dict[str, str]]:
        """The URL to ask for and the headers to add, for the public *url*.

        Credentials that *url* itself holds come first.
        """
        own = CondaURL.parse(url)
        holder = own if own.has_credentials else self._holder(own)
        if holder is None:
            return url, {}
        headers = {}
        if holder.user or holder.password:
            plain = f"{unquote(holder.user)}:{unquote(holder.password)}"
            headers["Authorization"] = f"Basic {b64encode(plain.encode()).decode()}"
        public = own.public
        if holder.token:
            origin = f"{own.scheme}://{public.split('/', 3)[2]}"
            return f"{origin}/t/{holder.token}{public[len(origin) :]}", headers
        return public, headers

    def _holder(self, url: CondaURL) -> CondaURL | None:
        """The most specific known location that *url* is at or below."""
        above = [held for held in self._locations.values() if url.relative_to(held) is not None]
        return max(above, key=lambda held: len(held.components), default=None)
