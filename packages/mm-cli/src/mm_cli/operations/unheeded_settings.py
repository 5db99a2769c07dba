"""Settings of micromamba that have no effect here yet, and are not passed over in silence."""

from __future__ import annotations

from mm_cli.session import Session

__all__ = ["NEEDLESS", "UNHEEDED", "say_unheeded"]

UNHEEDED = {
    "mirrored_channels": "warning",
    "verify_artifacts": "warning",
    "trusted_channels": "info",
}
"""Setting -> how loudly to say so: "warning" where it would change what is
installed, or how safely; "info" (shown with ``-v``) where only speed or looks differ."""

NEEDLESS = {
    "mamba_repodata_parsing": "metadata is read in one way, which needs no choice",
    "repodata_has_zst": "what a channel offers is found out without being told, and remembered",
    "shortcuts": "there are no menus but on Windows, which mm does not run on",
    "ssl_no_revoke": "whether certificates were revoked is never looked up",
}
"""Setting -> why it holds, or has nothing to act on, without anybody reading it."""


def say_unheeded(session: Session) -> None:
    """Name every such setting that somebody has set."""
    for key, level in UNHEEDED.items():
        setting = session.config.setting(key)
        if setting.configured and setting.value != setting.key.default:
            session.console.log(level, f"'{key}' is set, but has no effect yet")
