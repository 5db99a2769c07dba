"""Which channels may be used: ``allowlist_channels`` and ``denylist_channels``.

They are for whoever looks after a machine: in the file for all users, they hold
for every channel and every archive, however it was named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.report.console import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mm_cli.session import Session

__all__ = ["check_channels"]


def check_channels(session: Session, urls: Iterable[str]) -> None:
    """Make sure that the settings allow all of *urls*, of channels or archives.

    Raises `CliError`, which names the first that they do not allow.
    """
    config = session.config
    denied = _prefixes(session, config["denylist_channels"])
    allowed = _prefixes(session, config["allowlist_channels"])
    if not denied and not allowed:
        return
    for url in urls:
        whole = _comparable(url)
        if whole.startswith(denied):
            raise _refusal(session, url, "denylist_channels", "is denied")
        if allowed and not whole.startswith(allowed):
            raise _refusal(session, url, "allowlist_channels", "is not among those allowed")


def _prefixes(session: Session, names: Sequence[str]) -> tuple[str, ...]:
    """What the URLs of everything in the channels called *names* begin with."""
    if not names:
        return ()
    from mm_channels import resolve_channels
    from mm_cli.operations.channels import channel_context

    channels = resolve_channels(names, channel_context(session))
    return tuple(_comparable(channel.url) for channel in channels)


def _comparable(url: str) -> str:
    """*url* without credentials, and with an end, so that `lab` does not allow `lab2`."""
    from mm_channels import strip_credentials

    return strip_credentials(url).rstrip("/") + "/"


def _refusal(session: Session, url: str, setting: str, how: str) -> CliError:
    source = session.config.setting(setting).winners[0].source
    return CliError(
        f"{masked(url)} {how}, by {setting}",
        hint=f"{source} says so; `config explain {setting}` shows all of it.",
    )
