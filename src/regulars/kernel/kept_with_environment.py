"""What is made once for an installed environment, and shared by every data directory that it runs on."""

import os
import sys
from pathlib import Path


def folder() -> Path | None:
    """Its folder, inside the environment `make install` made; none where we run in one that is not ours to write in."""
    is_ours = sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK)
    return Path(sys.prefix) / "cache" if is_ours else None
