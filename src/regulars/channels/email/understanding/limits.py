"""How much work one mail may cause. Past a limit the rest is left out of the answer, never of the stored mail."""

MAX_DEPTH = 100
"""Multiparts inside multiparts; what is nested deeper becomes one attachment."""

MAX_PARTS = 1_000
"""Leaves of the tree; the next ones are left out, and a note says so."""

MAX_HEADER_BYTES = 16_000_000
"""One block of header lines; 100,000 recipients take four million."""

MAX_DELIMITER = 10_000
MAX_HEADER_LINES = 200_000
MAX_ADDRESSES = 100_000
MAX_IDS = 1_000

MAX_TEXT = 4_000_000
"""Characters of text (and of HTML) that are worked on; the rest is cut off, and a note says so."""

MAX_NAME_BYTES = 180
"""A file name as bytes of UTF-8: 255 is the limit of file systems, and a suffix may be added."""
