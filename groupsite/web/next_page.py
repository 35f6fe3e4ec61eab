"""Where to go after signing in: a page of ours, or the usual one."""

from urllib.parse import urlsplit

from flask import request


def local_page(address: str | None) -> str | None:
    """The address if it is a path on this site, else None (ASVS 3.7.2).

    Browsers read `//host` and `/\\host` as another host and drop tabs and line breaks, so none of these may be in it.
    """
    if not address or not address.startswith("/") or address[1:2] in {"/", "\\"}:
        return None
    if "\\" in address or not address.isprintable() or " " in address:
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else None


def next_page(usual: str) -> str:
    """What `?next=` of this request says, if it may be followed."""
    return local_page(request.args.get("next")) or usual
