"""From words and files to a request the solver understands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg import Prefix
    from mm_solve import MatchSpec

__all__ = ["named_channels", "parse_specs", "pins", "requested_texts"]


def requested_texts(session: Session) -> list[str]:
    """Every spec asked for: words first, then those of files, in order, without repeats."""
    platform = session.config["platform"]
    texts = [*session.words, *(spec for file in session.files for spec in file.specs(platform))]
    return list(dict.fromkeys(texts))


def parse_specs(texts: Sequence[str]) -> tuple[MatchSpec, ...]:
    """Raises `mm_solve.errors.InvalidMatchSpec`."""
    from mm_solve import MatchSpec

    return tuple(MatchSpec.parse(text) for text in texts)


def named_channels(specs: Sequence[MatchSpec]) -> tuple[str, ...]:
    """The channels that specs name (``conda-forge::numpy``), in order."""
    return tuple(dict.fromkeys(spec.channel for spec in specs if spec.channel))


def pins(session: Session, prefix: Prefix) -> tuple[MatchSpec, ...]:
    """What ``conda-meta/pinned`` and ``pinned_packages`` hold, unless ``--no-pin``."""
    if session.config["no_pin"]:
        return ()
    return parse_specs([*prefix.pins(), *session.config["pinned_packages"]])
