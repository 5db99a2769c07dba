"""The story of a solve: a universe, a request, a search, a solution or a reason.

>>> from mm_solve.solve import Options
>>> Options().channel_priority
'flexible'
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .candidates import VIRTUAL
from .errors import SolveTimeout
from .jobs import jobs_for, updated_names
from .order import install_order
from .request import Request
from .search import Contradiction, OutOfTime, Search
from .universe import Policy, Universe

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord, PrefixRecord, RecordSource, RepodataRecord

__all__ = ["Solution", "SolveOptions", "solve"]
