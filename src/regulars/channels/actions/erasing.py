"""Letters that belong to nobody's customer card, taken away when what they belonged to goes."""

from collections.abc import Sequence

from regulars.channels.models import Delivery


def erase_letters(abouts: Sequence[str]) -> int:
    """Take away everything that was tried to carry these; what waits is not sent any more."""
    if not abouts:
        return 0
    removed, _ = Delivery.objects.filter(about__in=list(abouts)).delete()
    return removed
