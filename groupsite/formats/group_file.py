"""The group file: JSON that holds one or many groups with their series, formats and, for the demo, people.

`parse` takes a document with `groups` or a single group object. What only describes the file (`meta`, `enums`, `expected`,
`edge_cases`) is ignored; anything else unknown is refused, so that a misspelt key is never lost in silence.
"""

from collections.abc import Iterable

from groupsite.formats.group_file_groups import read_format, read_group, read_persona
from groupsite.formats.group_file_values import GroupFile, GroupRecord, SeriesRecord
from groupsite.formats.group_file_write import write
from groupsite.formats.json_fields import Fields
from groupsite.formats.json_reader import Problems, load

__all__ = ["MAX_GROUPS", "parse", "write"]

MAX_GROUPS = 5000
MAX_FORMATS = 500
MAX_PERSONAS = 500


def parse(raw: bytes) -> GroupFile:
    """The values in these UTF-8 bytes. Raises InvalidFile with the paths and reasons of everything that is wrong."""
    problems = Problems()
    fields = Fields(load(raw), "", problems)
    problems.stop_if_any()
    group_file = _document(fields) if fields.raw("groups") is not None else _single_group(fields)
    _check_references(group_file, problems, _group_paths(fields, group_file))
    problems.stop_if_any()
    return group_file


def _document(fields: Fields) -> GroupFile:
    group_file = GroupFile(
        formats=tuple(read_format(item) for item in fields.objects("formats", MAX_FORMATS)),
        personas=tuple(read_persona(item) for item in fields.objects("personas", MAX_PERSONAS)),
        groups=tuple(read_group(item) for item in fields.objects("groups", MAX_GROUPS)),
    )
    fields.finish("meta", "enums")
    if not group_file.groups:
        fields.refuse("groups", "There is no group in this list.")
    return group_file


def _single_group(fields: Fields) -> GroupFile:
    if not fields.has_any("slug", "name", "series"):
        fields.refuse("groups", "This is missing. A group file is an object with a list of groups, or one group.")
        fields.problems.stop_if_any()
    return GroupFile(groups=(read_group(fields),))


def _group_paths(fields: Fields, group_file: GroupFile) -> list[str]:
    if fields.raw("groups") is None:
        return [""]
    return [f"groups[{index}]." for index in range(len(group_file.groups))]


def _check_references(group_file: GroupFile, problems: Problems, paths: list[str]) -> None:
    _check_repeats((item.slug for item in group_file.formats), "formats[{}].slug", problems)
    _check_repeats((item.handle for item in group_file.personas), "personas[{}].handle", problems)
    _check_repeats((item.slug for item in group_file.groups), "groups[{}].slug", problems)
    formats = {item.slug for item in group_file.formats}
    for path, group in zip(paths, group_file.groups, strict=True):
        _check_group(group, formats, problems, path)
    groups = {item.slug for item in group_file.groups}
    for index, persona in enumerate(group_file.personas):
        for place, slug in enumerate(persona.memberships):
            if slug not in groups:
                problems.add(f"personas[{index}].memberships[{place}]", f"There is no group “{slug}” in this file.")


def _check_group(group: GroupRecord, formats: set[str], problems: Problems, path: str) -> None:
    _check_repeats((item.slug for item in group.series), path + "series[{}].slug", problems)
    slugs = {item.slug for item in group.series}
    for index, series in enumerate(group.series):
        _check_series(series, slugs, formats, problems, f"{path}series[{index}]")


def _check_series(series: SeriesRecord, slugs: set[str], formats: set[str], problems: Problems, path: str) -> None:
    if series.format and series.format not in formats:
        problems.add(f"{path}.format", f"There is no format “{series.format}” in this file.")
    if series.replaces and series.replaces not in slugs - {series.slug}:
        problems.add(f"{path}.replaces", f"This group has no other series “{series.replaces}”.")


def _check_repeats(names: Iterable[str], path: str, problems: Problems) -> None:
    first_at: dict[str, int] = {}
    for index, name in enumerate(names):
        first = first_at.setdefault(name, index)
        if name and first != index:
            problems.add(path.format(index), f"“{name}” is already used at {path.format(first)}.")
