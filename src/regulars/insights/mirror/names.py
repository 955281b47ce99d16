"""How the mirror's reading of the log is called, for whoever asks how far it is without loading Arrow."""

from typing import Final

CONSUMER: Final = "mirror"
BATCH: Final = 100_000
