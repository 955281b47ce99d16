"""A web process that says it is ready is: what pages need is loaded before it takes a request."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json, sys
from regulars.asgi import application
application()
wanted = ["regulars.urls", "regulars.web.retention.page", "altair", "pyarrow.dataset", "numba"]
print(json.dumps({"missing": [name for name in wanted if name not in sys.modules],
                  "compiled": [name for name in sys.modules if name.startswith("tenure._kernels.")]}))
"""


def test_pages_and_slow_libraries_are_there_before_the_first_request_and_nothing_is_compiled(tmp_path: Path) -> None:
    environment = {**os.environ, "REGULARS_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "regulars.settings"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {"missing": [], "compiled": []}
