"""From an extracted package to files of an environment, one hard case a module."""
