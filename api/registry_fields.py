"""The fields of a study by the registry's names, pieces such as ``BriefTitle`` or paths, and a study cut to some."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import UsageError
from .registry_pieces import HELD, NOT_HELD, NOT_HELD_PATHS

Tree = dict[str, Any]
"""Which parts of an object are kept: by name, an empty tree where all of it is."""


def _paths() -> dict[str, tuple[str, str]]:
    return {
        piece: (f"{module}.{path}".lstrip("."), field)
        for module, pieces in HELD.items()
        for piece, (path, field) in pieces.items()
    }


PIECES = _paths()
"""Every piece that is held: its path in a study, and the field of a `Trial`."""


def _groups() -> dict[str, str]:
    """Pieces that stand for a whole object or list: sections, modules, and the objects in them, by their names."""
    found: dict[str, str] = {}
    for path, _ in PIECES.values():
        parts = path.split(".")
        for depth in range(1, len(parts)):
            name = parts[depth - 1]
            found[name[0].upper() + name[1:]] = ".".join(parts[:depth])
    for singular, plural in (
        *(("ArmGroup", "ArmGroups"), ("Intervention", "Interventions"), ("Location", "Locations")),
        *(("PrimaryOutcome", "PrimaryOutcomes"), ("SecondaryOutcome", "SecondaryOutcomes")),
        *(("OtherOutcome", "OtherOutcomes"), ("OverallOfficial", "OverallOfficials"), ("Reference", "References")),
        *(("Collaborator", "Collaborators"), ("SecondaryIdInfo", "SecondaryIdInfos")),
    ):
        found[singular] = found[plural]
    for kind in ("Condition", "Intervention"):  # two modules have lists of the same name
        module = found[f"{kind}BrowseModule"]
        found |= {f"{kind}Mesh": f"{module}.meshes", f"{kind}Ancestor": f"{module}.ancestors"}
    return {name: path for name, path in found.items() if name not in ("Meshes", "Ancestors")}


GROUPS = _groups()


def wanted_parts(names: Sequence[str]) -> tuple[Tree, list[str]]:
    """What is kept of a study, and the fields of a `Trial` that have it.

    Args:
        names: pieces or paths, in any letter case.

    Raises:
        UsageError: the registry has no such field.
    """
    paths = [path for name in names if (path := _path_of(name)) is not None]
    tree: Tree = {}
    for path in sorted(paths, key=lambda one: one.count(".")):  # a whole module comes before a part of it
        _plant(tree, path.split("."))
    fields = {field for path, field in PIECES.values() if any(_reaches(one, path) for one in paths)}
    return tree, sorted(fields)


def kept(study: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
    """A study without the parts that are not asked for."""
    found = {name: _kept(study[name], inner) for name, inner in tree.items() if name in study}
    return {name: value for name, value in found.items() if value not in ({}, [])}


def _kept(value: Any, tree: Tree) -> Any:  # noqa: ANN401 - any part of a study
    if not tree:
        return value
    if isinstance(value, list):
        return [found for one in value if (found := kept(one, tree))]
    return kept(value, tree)


def _plant(tree: Tree, parts: Sequence[str]) -> None:
    for part in parts[:-1]:
        if part in tree and not tree[part]:
            return  # all of it is kept already
        tree = tree.setdefault(part, {})
    tree.setdefault(parts[-1], {})


def _path_of(name: str) -> str | None:
    """The path of a piece or a path; None where the registry has it and trialkin does not."""
    low = name.lower()
    for known in (_BY_PIECE, _BY_PATH):
        if low in known:
            return known[low]
    if low in _LOW_NOT_HELD or any(_reaches(one.lower(), low) for one in NOT_HELD_PATHS):
        return None
    near = difflib.get_close_matches(name, [*PIECES, *GROUPS], n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Name pieces such as NCTId, or paths of modules."
    raise UsageError(f"A study has no field {name[:60]!r}.", hint)


def _reaches(path: str, other: str) -> bool:
    """Whether a path is another one, or leads to what it is a part of."""
    return other == path or other.startswith(f"{path}.")


def _lower(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): path for name, path in pairs}


_BY_PIECE = _lower((*GROUPS.items(), *((piece, path) for piece, (path, _) in PIECES.items())))
_BY_PATH = _lower(
    (name, path)
    for path in (*GROUPS.values(), *(path for path, _ in PIECES.values()))
    for name in (path, path.partition(".")[2] or path)
)
_LOW_NOT_HELD = frozenset(one.lower() for one in NOT_HELD)
