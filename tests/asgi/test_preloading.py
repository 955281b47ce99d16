"""A web process that says it is ready is: what pages need is loaded before it takes a request."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tenure
from regulars.insights import compiled, preloading

SCRIPT = """
import json, sys
from regulars.asgi import application
application()
wanted = ["regulars.urls", "regulars.web.retention.page", "altair", "pyarrow.dataset", "numba"]
print(json.dumps({"missing": [name for name in wanted if name not in sys.modules],
                  "compiled": [name for name in sys.modules if name.startswith("tenure._kernels.")]}))
"""


def test_pages_and_slow_libraries_are_there_before_the_first_request_and_nothing_is_compiled(tmp_path: Path) -> None:
    """With nothing compiled in the cache, that is: else the loops are loaded too."""
    own = {
        "REGULARS_DATA": str(tmp_path),
        "NUMBA_CACHE_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "regulars.settings",
    }
    environment = {**os.environ, **own}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {"missing": [], "compiled": []}


@pytest.mark.parametrize("is_kept", [True, False])
def test_loops_are_loaded_only_where_they_lie_compiled(is_kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(compiled, "is_kept", lambda: is_kept)
    monkeypatch.setattr(tenure, "reduce", lambda *_: asked.append("reduce"))
    monkeypatch.setattr(tenure, "retention_of", lambda *_, **_choices: asked.append("retention_of"))
    preloading.load_loops.cache_clear()  # this process may have loaded them
    preloading.load()
    preloading.load_loops.cache_clear()  # nor does what is pretended here count for it
    assert asked == (["reduce", "reduce", "retention_of"] if is_kept else [])
