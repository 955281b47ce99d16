"""Imports in the worker. What reads files and tables is loaded by the first job that needs it: it is large."""

from regulars.customers.importing.job_names import CHECK, RUN
from regulars.kernel import jobs


@jobs.task(CHECK, retry=jobs.PATIENT)
def check_import(import_id: int) -> None:
    """Check a file; once more does no harm."""
    from regulars.customers.importing import working

    working.check(import_id)


@jobs.task(RUN, retry=jobs.PATIENT)
def run_import(import_id: int) -> None:
    """Run an import from where it stands."""
    from regulars.customers.importing import working

    working.run(import_id)
