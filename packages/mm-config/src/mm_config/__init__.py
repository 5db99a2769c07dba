"""Settings for conda-compatible tools: keys, rc files, environment, precedence, prefixes."""
