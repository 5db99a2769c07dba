"""Settings of micromamba that have no effect here yet, and are not passed over in silence."""

from __future__ import annotations

from mm_cli.session import Session

__all__ = ["UNHEEDED", "say_unheeded"]

UNHEEDED = {
    "mirrored_channels": "warning",
    "prefix_data_interoperability": "warning",
    "retry_clean_cache": "warning",
    "ssl_no_revoke": "warning",
    "verify_artifacts": "warning",
    "debug": "info",
    "log_backtrace": "info",
    "log_pattern": "info",
    "mamba_repodata_parsing": "info",
    "repodata_has_zst": "info",
    "shell_completion": "info",
    "shortcuts": "info",
    "trusted_channels": "info",
}
"""Setting -> how loudly to say so: "warning" where it would change what is
installed, or how safely; "info" (shown with ``-v``) where only speed or looks differ."""


def say_unheeded(session: Session) -> None:
    """Name every such setting that somebody has set."""
    for key, level in UNHEEDED.items():
        setting = session.config.setting(key)
        if setting.configured and setting.value != setting.key.default:
            session.console.log(level, f"'{key}' is set, but has no effect yet")
