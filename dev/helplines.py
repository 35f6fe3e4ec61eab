"""Warns of helplines that want looking at; never fails, because a day that passes breaks nothing."""

from datetime import UTC, datetime

from groupsite.formats import help_file
from groupsite.services.doctor import help_findings


def main() -> None:
    for one in help_findings(help_file.parse(help_file.shipped()), datetime.now(UTC).date()):
        print(f"warning: {one.sentence}")


if __name__ == "__main__":
    main()
