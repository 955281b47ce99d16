"""Files in, batches of columns out: CSV, TSV, JSON lines, Parquet and Excel, each also gzipped."""

from regulars.customers.importing.reading.batches import BadLine, Batch
from regulars.customers.importing.reading.opening import Reader, open_file

__all__ = ["BadLine", "Batch", "Reader", "open_file"]
