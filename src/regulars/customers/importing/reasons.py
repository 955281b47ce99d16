"""Why a row was not imported, and what to do about it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of rejection, as the person who mends the file reads it."""

    code: str
    sentence: str | Promise
    remedy: str | Promise


def _table(*reasons: Reason) -> dict[str, Reason]:
    return {reason.code: reason for reason in reasons}


REASONS = _table(
    Reason("ragged", _("The row has more or fewer cells than the heading."), _("Quote cells that hold the separator.")),
    Reason("quoting", _("A quotation mark is opened and not closed properly."), _("Double quotation marks in cells.")),
    Reason("nul", _("The row holds a NUL byte."), _("Export the file again as plain text.")),
    Reason("encoding", _("The row is in another encoding than the rest."), _("Save the whole file as UTF-8.")),
    Reason(
        "too_long", _("A cell is longer than a million characters."), _("Shorten the cell or leave the column out.")
    ),
    Reason("bad_json", _("The line is not a JSON object."), _("Write one JSON object a line.")),
    Reason("damaged", _("The file breaks off here."), _("Get the file again; what came before was kept.")),
    Reason("no_customer", _("No customer is named."), _("Fill in who it was; customers are not invented.")),
    Reason("no_order", _("The order has no number."), _("Fill in the order number.")),
    Reason("no_time", _("No time is given."), _("Fill in when it happened.")),
    Reason("bad_time", _("The time cannot be read."), _("Write it as 2026-03-31 14:05.")),
    Reason("future", _("The time lies more than a day in the future."), _("Check the year and the order of the date.")),
    Reason("ancient", _("The time lies before 1970."), _("Check the year and the order of the date.")),
    Reason("bad_amount", _("A number cannot be read."), _("Write digits with one decimal mark, such as 1234.50.")),
    Reason("negative", _("A price is negative."), _("Write a refund with a negative quantity or as a refund order.")),
    Reason("too_large", _("An amount is too large to be kept exactly."), _("Check the number.")),
    Reason("bad_currency", _("The currency is not a code of three letters."), _("Write it as EUR or USD.")),
    Reason("not_paid", _("The order is not paid, or was given up."), _("Nothing to do: not counted as a sale.")),
    Reason("no_sale", _("Nothing was bought, or nothing was to pay."), _("Nothing to do: not counted as a sale.")),
    Reason("other_customer", _("The order belongs to another customer."), _("Give each order one customer.")),
    Reason("other_currency", _("The order has another currency."), _("Give each order one currency.")),
    Reason("other_total", _("The order has another total."), _("Map the column as the amount of the line.")),
    Reason("no_name", _("The fact has no name."), _("Fill in what happened, such as Order Completed.")),
    Reason("own_name", _("The name is one of the product's own facts."), _("Use another name.")),
    Reason("bad_properties", _("The properties are not a JSON object."), _("Write them as a JSON object.")),
    Reason("bad_email", _("The e-mail address cannot be one."), _("Correct the address.")),
    Reason("bad_consent", _("The consent is neither yes nor no."), _("Write yes or no.")),
    Reason("erased", _("This customer was erased and asked not to be kept."), _("Leave the row out.")),
)
