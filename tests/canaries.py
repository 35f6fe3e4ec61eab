"""`python -m tests.canaries [LEAK]`: requests that carry things to be kept silent about, to an application of its own.

The process is one of its own because everything that it writes then counts, whoever writes it and however. With a LEAK one
word is logged on purpose: what reads the output has to find it.
"""

import logging
import sys
from collections.abc import Callable
from contextlib import suppress

from groupsite import create_app
from groupsite.logging import get_logger
from tests.browser import Browser

CANARIES = ("canary-login", "canary-password", "canary@example.org", "canary-token", "canary-words")
SEEN = "canaries-are-done"
LEAKS: dict[str, Callable[[], None]] = {
    "field": lambda: get_logger().error("request_failed", reason=CANARIES[0]),
    "event": lambda: get_logger().error(CANARIES[1]),
    "library": lambda: logging.getLogger("werkzeug").error("%s", CANARIES[2]),
    "print": lambda: print(CANARIES[3]),
}


def send(browser: Browser) -> None:
    """Refused sign-ins, unknown tokens, forms with bad fields. Where there are no records, no page has a form."""
    login, password, email, token, words = CANARIES
    with suppress(AssertionError):
        browser.submit("/sign-in", {"login": login, "password": password})
    with suppress(AssertionError):
        browser.submit("/sign-up", {"login": login, "password": "short", "email": email})
    for path in (f"/calendar/{token}.ics", f"/account/email/{token}", f"/u/{token}", f"/meetings?q={words}"):
        browser.get(path)


def main() -> None:
    send(Browser(create_app().test_client()))
    for leak in sys.argv[1:]:
        LEAKS[leak]()
    get_logger().info(SEEN)


if __name__ == "__main__":
    main()
