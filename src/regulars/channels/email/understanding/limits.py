"""How much work one mail may cause. Past a limit the rest is left out of the answer, never of the stored mail."""

MAX_DEPTH = 100
"""Multiparts inside multiparts; what is nested deeper becomes one attachment."""

MAX_PARTS = 1_000
"""Leaves of the tree; the next ones are left out, and a note says so."""

MAX_HEADER_BYTES = 16_000_000
"""One block of header lines; 100,000 recipients take four million."""

MAX_DELIMITER = 10_000
MAX_HEADER_LINES = 200_000
MAX_ADDRESSES = 120_000
MAX_IDS = 1_000

MAX_TEXT = 1_000_000
"""Characters of text (and of HTML) that are worked on; the rest is cut off, and a note says so."""

MAX_HTML = 4_000_000
"""Characters of HTML that are kept to be shown."""

MAX_STEPS = 800_000
"""Tokens of one header with addresses: 100,000 people with names take 600,000."""

MAX_LINE = 20_000
"""Characters of a header that is one sentence or one value."""

MAX_FOLDS = 12
"""How often quotes and signatures may follow each other at the end of a text."""

MAX_NAME_BYTES = 180
"""A file name as bytes of UTF-8: 255 is the limit of file systems, and a suffix may be added."""
