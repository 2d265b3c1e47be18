"""Which settings could lose an acknowledged settlement at a power cut."""

from collections.abc import Mapping

from gateway.kernel.problem import Problem
from gateway.store import problems

# https://www.sqlite.org/pragma.html#pragma_synchronous; https://www.postgresql.org/docs/current/runtime-config-wal.html
_SAFE: dict[str, tuple[str, ...]] = {
    "journal_mode": ("wal",),
    "synchronous": ("full", "extra"),
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply", "remote_write", "local"),
    "data_sync_retry": ("off",),
}


def check_settings(found: Mapping[str, str]) -> list[Problem]:
    """A problem `unsafe-setting` for each; '' stands for a setting this connection does not have."""
    return [
        problems.unsafe_setting(name, found=value, needed=_SAFE[name][0])
        for name, value in sorted(found.items())
        if value and value not in _SAFE[name]
    ]
