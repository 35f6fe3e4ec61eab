"""Pages of a group with 3,000 members and 20,000 shares, signed in, against a bare Flask view. Alone: `python -m bench.shares`."""

import re
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from http.cookiejar import CookieJar

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bench import writers
from bench.site import Site, running_site
from bench.table import Line
from bench.web import Address, rate
from groupsite.domain.words import Role
from groupsite.models import Account, Group, Membership
from groupsite.services.demo import PASSWORD

READER, SLUG = "marisol", "tuesday-lantern"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PAGES = {
    "the newest of 20,000 shares": f"/groups/{SLUG}/shares",
    "400 that wait, 400 reported": f"/groups/{SLUG}/manage/shares",
}
LIMIT = 0.002


def lines(site: Site) -> list[Line]:
    _gather(site)
    server, cookie = Address(site.host, site.port), _signed_in(site)
    bare = rate(server, "/bare/")
    rates = {name: rate(server, path, f"Cookie: {cookie}\r\n") for name, path in PAGES.items()}
    return [Line(name, ours, "a bare Flask view", bare, limit=LIMIT) for name, ours in rates.items()]


def _gather(site: Site) -> None:
    """The reader looks at shares, in a group of so many."""
    engine = create_engine(site.postgres.url("bench"))
    with Session(engine) as session:
        reader = session.scalars(select(Account).where(Account.login == READER)).one()
        group_id = session.scalars(select(Group.id).where(Group.slug == SLUG)).one()
        mine = Membership.account_id == reader.id, Membership.group_id == group_id
        member = session.scalars(select(Membership).where(*mine)).one()
        member.roles = [*member.roles, Role.SHARE_READER.value]
        session.flush()
        writers.gather(session, group_id, reader.id, now=datetime.now(UTC))
        session.commit()
    engine.dispose()


def _signed_in(site: Site) -> str:
    """The cookies of a visit that has just begun, as a header has them."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://{site.host}:{site.port}/sign-in"
    found = TOKEN.search(opener.open(address).read().decode())
    if not found:
        raise SystemExit("The sign-in has no form.")
    fields = {"csrf_token": found[1], "login": READER, "password": PASSWORD}
    opener.open(address, urllib.parse.urlencode(fields).encode()).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def main() -> None:
    with running_site() as site:
        measured = lines(site)
    for line in measured:
        print(line)
    raise SystemExit(0 if all(line.holds for line in measured) else 1)


if __name__ == "__main__":
    main()
