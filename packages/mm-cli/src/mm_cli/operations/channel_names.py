"""Channels that many people use: for suggestions where a name is misspelt."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["WELL_KNOWN", "similar_channel"]

WELL_KNOWN = (
    "bioconda", "conda-forge", "defaults", "esri", "fastai", "huggingface", "intel", "main",
    "microsoft", "msys2", "numba", "nvidia", "omnia", "plotly", "psi4", "pytorch", "pyviz", "r",
    "rapidsai", "robostack",
)  # fmt: skip
"""Names relative to the channel alias."""


def similar_channel(name: str, others: Iterable[str] = ()) -> str:
    """The channel that somebody who wrote *name* may have meant; "" when none is near.

    others -- further names that may have been meant, such as those in the settings

    >>> similar_channel("conda-frge"), similar_channel("bioconda"), similar_channel("my-lab")
    ('conda-forge', '', '')
    """
    from difflib import get_close_matches

    known = dict.fromkeys([*others, *WELL_KNOWN])
    if name in known:
        return ""
    return next(iter(get_close_matches(name.lower(), known, n=1, cutoff=0.75)), "")
