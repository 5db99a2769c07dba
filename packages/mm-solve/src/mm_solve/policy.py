"""How candidates are found and ranked: what a solve is told beside its request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .exclude_newer import ExcludeNewer

__all__ = ["Policy"]


class Policy:
    """How candidates are found and ranked.

    channel_priority -- "strict", "flexible" or "disabled"
    add_pip   -- python depends on pip where there is a pip
    only_tar_bz2 -- consider no ``.conda`` archives
    update    -- names whose installed record gets no preference; None: every name
    reinstall -- names whose installed record is not a candidate
    mend      -- installed names whose unmet dependencies are to be met
    exclude_newer -- hides packages of channels that are too new; None: no limit
    lowest    -- whether of a package with this name the lowest version is preferred
    """

    __slots__ = (
        "add_pip",
        "channel_priority",
        "exclude_newer",
        "lowest",
        "mend",
        "only_tar_bz2",
        "reinstall",
        "update",
    )

    def __init__(
        self,
        channel_priority: str = "flexible",
        add_pip: bool = True,
        only_tar_bz2: bool = False,
        update: frozenset[str] | None = frozenset(),
        reinstall: frozenset[str] = frozenset(),
        mend: frozenset[str] = frozenset(),
        exclude_newer: ExcludeNewer | None = None,
        lowest: Callable[[str], bool] | None = None,
    ) -> None:
        self.channel_priority = channel_priority
        self.add_pip = add_pip
        self.only_tar_bz2 = only_tar_bz2
        self.update = update
        self.reinstall = reinstall
        self.mend = mend
        self.exclude_newer = exclude_newer
        self.lowest = lowest
