"""Arrow's compute functions, which are made at import and so unknown to type checkers."""

from typing import Any

import pyarrow.compute

pc: Any = pyarrow.compute
