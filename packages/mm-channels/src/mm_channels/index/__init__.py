"""The local by-name index: from a repodata text on disk to the records of one name."""

from mm_channels.index.subdir import SubdirIndex

__all__ = ["SubdirIndex"]
