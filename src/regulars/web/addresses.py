"""Where a request comes from."""

from ipaddress import ip_address

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of whoever asks, as the server in front reports it; None where there is none.

    What a visitor writes into a header is never believed here: a proxy that is trusted has its
    word taken by the web server itself, before this.
    """
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
