"""Draft protocols: records that no registry holds yet, as JSON of any of a study's fields, or as plain text."""

import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from ..errors import ReadError, UsageError
from .study_fields import MODULES, SECTIONS
from .study_json import fields_of_modules
from .trial import Trial

DRAFT_ID = "NCT00000000"
"""The id of every draft. No record has it: the registry counts from 1, and `normalise_nct_id` refuses it."""
MOST_BYTES = 1_000_000
"""The largest draft; a registry record without results and sites is a tenth of that at most."""

_HINT = "Fields are those of the registry's API v2."
_AROUND = frozenset({"indexVersion", "dataDate", "dataSource"})
"""What the HTTP API says around a record that it gives: where it comes from."""
_BROWSE = ("conditionBrowseModule", "interventionBrowseModule")
_OWN = {str(field.alias) for field in Trial.model_fields.values()}
_HOMES = {
    name: module for module, fields in MODULES.items() if module != "ipdSharingStatementModule" for name in fields
}
"""The module of each field that may stand outside it. A sharing statement's description is not the trial's."""
_ALL = {
    *(*SECTIONS, *MODULES, *_BROWSE, *_OWN, *_HOMES),
    *(name for fields in MODULES.values() for inside in fields.values() for name in inside or ()),
}


def read_draft(path: Path) -> Trial | str:
    """`draft_from` a file; ``-`` is standard input.

    Raises:
        ReadError: it cannot be read, or is no text.
        UsageError: as `draft_from`, or it is larger than `MOST_BYTES`.
    """
    try:
        if str(path) == "-":
            escaped = sys.stdin.read(MOST_BYTES + 1)  # in some locales bytes that are no text come through, escaped
            return draft_from(escaped.encode("utf-8", "surrogateescape").decode("utf-8-sig"))
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        _check_size(len(content))
        return draft_from(content.decode("utf-8-sig"))
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        raise ReadError(f"{path} is not UTF-8 text (byte {error.start}).", "Save the draft as plain text.") from None


def draft_from(text: str) -> Trial | str:
    """A draft protocol: what starts with ``{`` as JSON, see `draft_of`, anything else as the text that it is.

    Raises:
        UsageError: it is empty or too large, or it is JSON that is broken, no study, or has a field that no study has.
    """
    text = text.removeprefix("\ufeff").strip()
    if not text:
        raise UsageError("The draft is empty.", 'Give a text, or JSON such as {"conditions": ["Gout"]}.')
    _check_size(len(text))
    if not text.startswith("{"):
        return text
    try:
        study = orjson.loads(text.encode(errors="replace"))
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(
            f"The draft starts as JSON but is broken at {where}: {error.msg}.", "Mend it, or give plain text."
        ) from None
    return _draft(study)


def draft_of(study: Mapping[str, Any]) -> Trial:
    """A draft of some of a study's fields by the registry's names.

    They may stand in ``protocolSection``, in its modules, or by themselves; beside those of the API, the names of a
    `Trial` are taken. An NCT id is not needed, and not looked at.

    Returns:
        A record with the id `DRAFT_ID`.

    Raises:
        UsageError: a field is unknown or has the wrong shape, or there is none; the message names it.
    """
    try:
        return _draft(orjson.loads(orjson.dumps(study)))
    except orjson.JSONEncodeError as error:  # half of a surrogate pair, or deeper than anything should be
        raise UsageError(f"The draft is not JSON: {error}.", _HINT) from None


def _draft(given: Mapping[str, Any]) -> Trial:
    study = {name: value for name, value in given.items() if name not in _AROUND}
    derived: Mapping[str, Any] = study
    fields: Mapping[str, Any] = study
    if "protocolSection" in study:
        _check_names(study, SECTIONS)
        fields, derived = study["protocolSection"], study.get("derivedSection") or {}
    try:
        modules, own = _sorted(fields)
        found = fields_of_modules(modules, derived) | own | {"nctId": DRAFT_ID}
        draft = Trial.model_validate(found)
    except ReadError as error:
        raise UsageError(f"The draft: {error.what}", _HINT) from None
    except ValidationError as error:
        raise _refusal(error) from None
    if draft == Trial(nct_id=DRAFT_ID):
        raise UsageError("The draft is empty.", "Give it a title, a summary, conditions or interventions.")
    return draft


def _sorted(fields: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields sorted into the API's modules, and those in the shape of a `Trial`."""
    if not isinstance(fields, Mapping):
        raise ReadError(f"protocolSection is {type(fields).__name__}, not an object.")
    modules: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for name, value in fields.items():
        if value is None or value in ("", [], {}):
            if name not in _ALL:
                raise _unknown(name)
        elif name in MODULES or name in _BROWSE:
            if not isinstance(value, Mapping):
                raise ReadError(f"{name} is {type(value).__name__}, not an object.")
            _check_module(name, value)
            modules[name] = {**modules.get(name, {}), **value}
        elif name in _HOMES and not (name in _OWN and _strange(value, MODULES[_HOMES[name]][name])):
            _check_module(_HOMES[name], {name: value})
            modules[_HOMES[name]] = {**modules.get(_HOMES[name], {}), name: value}
        elif name in _OWN:
            own[name] = value
        else:
            raise _unknown(name)
    return modules, own


def _check_module(module: str, fields: Mapping[str, Any]) -> None:
    """Refuse a name that the module has not, nor a field of it."""
    if known := MODULES.get(module):
        _check_names(fields, known)
        for name, value in fields.items():
            if strange := _strange(value, known[name]):
                raise _unknown(strange)


def _strange(value: object, names: tuple[str, ...] | None) -> str | None:
    """A name in an object, or in one of a list, that should not be there."""
    if names is None:
        return None
    objects = value if isinstance(value, list) else [value]
    return next((name for one in objects if isinstance(one, Mapping) for name in one if name not in names), None)


def _check_names(fields: Mapping[str, Any], known: Mapping[str, Any] | tuple[str, ...]) -> None:
    for name in fields:
        if name not in known:
            raise _unknown(name)


def _refusal(error: ValidationError) -> UsageError:
    found = error.errors(include_url=False, include_input=False)
    for one in found:  # a name that is wrong explains another that is missing
        if one["type"] == "extra_forbidden":
            return _unknown(str(one["loc"][-1]))
    where = ".".join(str(part) for part in found[0]["loc"])
    return UsageError(f"The draft's field {where}: {found[0]['msg']}.", _HINT)


def _unknown(name: str) -> UsageError:
    lower = {one.lower(): one for one in sorted(_ALL)}
    near = [lower[one] for one in get_close_matches(name[:60].lower(), lower, n=3)]
    hint = f"Near: {', '.join(near)}." if near else "Such as briefTitle, briefSummary, conditions, interventions."
    return UsageError(f"A study has no field {name[:60]!r}.", hint)


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise UsageError(f"The draft has more than {MOST_BYTES:,} bytes.", "Leave out results, sites and references.")
