"""The names under which imports are queued; apart from the work, so that naming a job loads nothing heavy."""

from typing import Final

CHECK: Final = "customers.check_import"
RUN: Final = "customers.run_import"
