"""`make bench`: prints the speed table and ends with 1 when a ratio is under its limit."""

from bench import calendars, mail, planning, recurrence, shares, web
from bench.site import running_site
from bench.table import Line


def main() -> None:
    lines = _told(recurrence.lines())
    with running_site() as site:
        lines += _told(web.lines(web.Address(site.host, site.port)))
        lines += _told(shares.lines(site))
        lines += _told(calendars.lines(site))
        lines += _told(mail.lines(site))
        lines += _told(planning.lines(site))
    raise SystemExit(0 if all(line.holds for line in lines) else 1)


def _told(lines: list[Line]) -> list[Line]:
    for line in lines:
        print(line, flush=True)
    return lines


if __name__ == "__main__":
    main()
