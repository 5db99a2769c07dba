"""Sharded repodata (CEP 16): an index of hashes, and one small file a package name."""
