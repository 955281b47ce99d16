"""pyarrow's functions. It makes them at run time, so that no type checker can know them."""

from typing import Any

import pyarrow.compute

pc: Any = pyarrow.compute
