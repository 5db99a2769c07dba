"""From channel names in the settings to record sources for the solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.operations.channel_rules import check_channels
from mm_cli.report.console import masked
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_channels import Channel, ChannelContext, Transport
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import RecordSource
    from mm_pkg.reporter import Reporter

__all__ = [
    "channel_context",
    "channel_label",
    "load_sources",
    "open_transport",
    "requested_channels",
]

ANACONDA = "repo.anaconda.com"


def channel_context(session: Session, platforms: Sequence[str] = ()) -> ChannelContext:
    """What gives channel names their meaning, from the settings.

    platforms -- those whose packages are wanted, instead of the setting's
    """
    from mm_channels import ChannelContext

    config = session.config
    return ChannelContext(
        platforms=tuple(dict.fromkeys([*(platforms or (config["platform"],)), "noarch"])),
        channel_alias=config["channel_alias"],
        custom_channels=config["custom_channels"],
        custom_multichannels={k: tuple(v) for k, v in config["custom_multichannels"].items()},
        default_channels=tuple(config["default_channels"]),
        home=Path.home(),
        root_prefix=config.root_prefix,
        target_prefix=config.target_prefix,
    )


def requested_channels(
    session: Session, named: Iterable[str] = (), platforms: Sequence[str] = ()
) -> tuple[Channel, ...]:
    """The channels to search, in order of priority.

    named     -- channels that specs name (``chan::pkg``); they rank last
    platforms -- those whose packages are wanted, instead of the setting's
    """
    from mm_channels import resolve_channels

    texts = [*session.config["channels"], *named]
    if not texts:
        raise CliError("No channels specified", hint="Name one with -c, as in -c conda-forge.")
    channels = resolve_channels(texts, channel_context(session, platforms))
    check_channels(session, [channel.url for channel in channels])
    _warn_of_terms(session, channels)
    return channels


def _warn_of_terms(session: Session, channels: tuple[Channel, ...]) -> None:
    """Anaconda's own channels are not free for everybody; many do not know."""
    if not session.config.flag("show_anaconda_channel_warnings"):
        return
    if any(f"//{ANACONDA}/" in channel.url for channel in channels):
        session.console.warn(
            f"{ANACONDA} is governed by Anaconda's terms of service, which may ask for a licence",
            hint="Set show_anaconda_channel_warnings to false to hide this.",
        )


def channel_label(session: Session, url: str) -> str:
    """A channel's URL as people write it: relative to the channel alias where it can be.

    Secrets are masked here already, for what is laid out in columns cannot shrink later.
    """
    alias = session.config.text("channel_alias").rstrip("/")
    return masked(url.removeprefix(f"{alias}/"))


@contextmanager
def open_transport(session: Session) -> Iterator[Transport]:
    """The network as the settings want it, with the user's credentials.

    Connections are made, and credentials read, when first needed.
    """
    import os

    from mm_channels import CredentialLookup, Network, Transport

    config = session.config
    network = Network(
        offline=config["offline"],
        ssl_verify=config["ssl_verify"],
        proxies=config["proxy_servers"],
        client_cert=config["client_ssl_cert"],
        client_key=config["client_ssl_cert_key"],
        connect_timeout=config["remote_connect_timeout_secs"],
        max_retries=config["remote_max_retries"],
        backoff=config["remote_backoff_factor"],
        threads=config["download_threads"],
    )
    console = session.console

    def warn(message: str) -> None:
        (console.reporter.warned if console.reporter else console.warn)(message)

    with Transport(network, CredentialLookup(Path.home(), os.environ, warn)) as transport:
        yield transport


def load_sources(
    session: Session,
    channels: tuple[Channel, ...],
    transport: Transport,
    *,
    whole: bool = False,
    reporter: Reporter,
    cancellation: Cancellation,
) -> tuple[RecordSource, ...]:
    """Bring the channels' metadata up to date and open it, in order of priority.

    whole -- most names will be read: not worth a request for each, as shards need
    """
    from mm_channels import load_subdirs
    from mm_channels.errors import SubdirNotFound

    config = session.config
    try:
        return load_subdirs(
            channels,
            cache_dirs=tuple(path / "cache" for path in config.pkgs_dirs),
            transport=transport,
            ttl=0 if session.asks_anew else config["local_repodata_ttl"],
            offline=config["offline"],
            use_zst=config["repodata_use_zst"],
            use_shards=config["use_sharded_repodata"],
            prefer_flat=whole,
            shards_ttl=config["repodata_shards_ttl"],
            shards_threads=config["repodata_shards_threads"],
            reporter=reporter,
            cancellation=cancellation,
        )
    except SubdirNotFound as error:
        error.hint = _suggested(session, channels, error.url) or error.hint
        raise


def _suggested(session: Session, channels: tuple[Channel, ...], url: str) -> str:
    """What channel may have been meant where the one at *url* is none."""
    from mm_cli.operations.channel_names import similar_channel

    name = next((channel.name for channel in channels if channel.url == url), "")
    others = (other for other in session.config["channels"] if other != name)
    similar = similar_channel(name, others)
    return f"Did you mean '{similar}'?" if similar else ""
