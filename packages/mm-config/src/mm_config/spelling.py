"""Names that are no settings: conda's other keys, and slips of the pen."""

from __future__ import annotations

from mm_config.keys import ALIASES, KEYS

__all__ = ["CONDA_KEYS", "nearest"]

# fmt: off
CONDA_KEYS = frozenset((
    "add_anaconda_token", "aggressive_update_packages", "allow_conda_downgrades",
    "allow_cycles", "allow_non_channel_urls", "anaconda_upload", "auto_stack",
    "auto_update_conda", "binstar_upload", "bld_path", "channel_settings", "conda-build",
    "conda_build", "console", "croot", "default_activation_env", "default_python",
    "default_threads", "deps_modifier", "disallow", "disallowed_packages",
    "download_only_no_deps", "enable_private_envs", "environment_specifier", "envs_path",
    "envvars_force_uppercase", "error_upload_url", "execute_threads", "experimental",
    "experimental_solver", "extract_sparse", "fetch_threads", "force", "force_32bit",
    "force_remove", "ignore_pinned", "local_build_root", "migrated_channel_aliases",
    "migrated_custom_channels", "no_lock", "no_plugins", "non_admin_enabled",
    "notify_outdated_conda", "number_channel_notices", "override_virtual_packages",
    "pkg_env_layout", "plugins", "protect_frozen_envs", "raise_on_pip_interop", "register_envs",
    "remote_read_timeout_secs", "repodata_fns", "repodata_threads", "report_errors",
    "restore_free_channel", "rollback_enabled", "root_dir", "sat_solver", "self_update",
    "separate_format_cache", "shlvl", "show_channel_urls", "signing_metadata_url_base",
    "solver", "solver_ignore_timestamps", "solver_verbosity", "ssl_no_verify", "subdirs",
    "target_prefix_override", "tls_verify", "trace", "track_features", "unsatisfiable_hints",
    "unsatisfiable_hints_check_depth", "update_modifier", "use_index_cache", "use_local",
    "use_only_tar_bz2", "use_pip", "verbosity", "verify_threads", "virtual_packages",
))
# fmt: on
"""Settings of conda and conda-build that mean nothing here."""


def nearest(name: str) -> str:
    """The setting whose name *name* nearly is; "" when there is none.

    >>> nearest("chanels"), nearest("my_own_tool")
    ('channels', '')
    """
    from difflib import get_close_matches

    plain = name.strip().lower().replace("-", "_")
    found = get_close_matches(plain, [*KEYS, *ALIASES], n=1, cutoff=0.82)
    return ALIASES.get(found[0], found[0]) if found else ""
