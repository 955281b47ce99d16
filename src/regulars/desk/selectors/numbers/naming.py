"""The words conversations are labelled with."""

from regulars.desk.models import Label


def label_names() -> list[str]:
    """Every label there is for conversations."""
    return list(Label.objects.filter(joined_into=None).order_by("name").values_list("name", flat=True))
