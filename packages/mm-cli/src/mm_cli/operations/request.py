"""From words and files to a request the solver understands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg import Prefix
    from mm_solve import MatchSpec

__all__ = [
    "named_channels",
    "parse_specs",
    "pin_origins",
    "pins",
    "remembered_specs",
    "requested_texts",
]


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
    """The channels that specs name (``conda-forge::numpy``), in order; patterns name none."""
    named = (spec.channel for spec in specs if "*" not in spec.channel)
    return tuple(dict.fromkeys(filter(None, named)))


def pins(session: Session, prefix: Prefix | None) -> tuple[MatchSpec, ...]:
    """What ``conda-meta/pinned`` and ``pinned_packages`` hold, unless ``--no-pin``.

    prefix -- None: an environment that has none of its own
    Raises `CliError` for a pin that is no match spec: none is passed over.
    """
    return tuple(pin for _, pin in _written_pins(session, prefix))


def pin_origins(session: Session, prefix: Prefix | None) -> dict[str, str]:
    """Where each of `pins` is written, by its text."""
    return {str(pin): where for where, pin in _written_pins(session, prefix)}


def _written_pins(session: Session, prefix: Prefix | None) -> list[tuple[str, MatchSpec]]:
    if session.config["no_pin"]:
        return []
    found: list[tuple[str, MatchSpec]] = []
    places = [("pinned_packages", session.config["pinned_packages"])]
    if prefix is not None:
        places.insert(0, (str(prefix.path / "conda-meta" / "pinned"), prefix.pins()))
    for where, texts in places:
        if not texts:
            continue
        from mm_solve.errors import InvalidMatchSpec

        try:
            found += [(where, pin) for pin in parse_specs(texts)]
        except InvalidMatchSpec as error:
            raise CliError(
                f"{where}: {error.message}", hint=f"{error.hint} --no-pin ignores all pins."
            ) from None
    return found


def remembered_specs(session: Session, prefix: Prefix) -> tuple[MatchSpec, ...]:
    """What was ever asked for in *prefix*, by its history.

    Other tools write there as well: what is no match spec is passed over with a
    warning, for else the environment could never be changed again.
    """
    from mm_solve import MatchSpec
    from mm_solve.errors import InvalidMatchSpec

    found = []
    for text in prefix.requested_specs().values():
        try:
            found.append(MatchSpec.parse(text))
        except InvalidMatchSpec as error:
            history = prefix.path / "conda-meta" / "history"
            session.console.warn(f"{history}: passed over: {error.message}")
    return tuple(found)
