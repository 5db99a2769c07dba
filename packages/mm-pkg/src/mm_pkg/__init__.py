"""A conda package: record, archive, cache entry, links into a prefix, transactions."""
