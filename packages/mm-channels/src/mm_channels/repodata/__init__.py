"""Channel metadata: fetched, cached, and opened as an index."""

from mm_channels.repodata.load import load_subdirs

__all__ = ["load_subdirs"]
