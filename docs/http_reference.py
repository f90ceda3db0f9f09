"""Writes http-reference.md, every operation of the HTTP API as its OpenAPI document describes it.

python docs/http_reference.py
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from trialkin.api.app import create_app
from trialkin.settings import Settings

PAGE = Path(__file__).with_name("http-reference.md")
_HEAD = """# Reference of the HTTP API

Every operation with its parameters, bodies and answers, as `/openapi.json` describes them to programs; the shapes
that are named here stand there. [The HTTP API](http.md) explains, with examples. `python docs/http_reference.py`
writes this page.
"""
_RANGES = {
    "minimum": "from {}",
    "maximum": "to {}",
    "minLength": "{} characters or more",
    "maxLength": "{} characters at most",
    "minItems": "{} or more",
    "maxItems": "{} at most",
}

Json = dict[str, Any]


def reference(document: Json) -> str:
    """The page, in Markdown, of an OpenAPI document."""
    schemas = document["components"]["schemas"]
    operations = [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    contents = "\n".join(f"- [`{name}`](#{_anchor(name)}): {operation['summary']}" for name, operation in operations)
    return "\n".join([_HEAD, contents, *(part for one in operations for part in _operation(*one, schemas))])


def _anchor(heading: str) -> str:
    """The anchor that GitHub gives to a heading."""
    kept = "".join(char for char in heading.lower() if char.isalnum() or char in " -_")
    return kept.replace(" ", "-")


def _operation(name: str, operation: Json, schemas: Json) -> Iterator[str]:
    yield f"\n## `{name}`\n\n{operation['summary']}. {operation.get('description', '')}".rstrip()
    if parameters := operation.get("parameters"):
        yield "\n| parameter | in | type | default | range | description |\n|---|---|---|---|---|---|"
        yield from (_parameter(one, schemas) for one in parameters)
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield from _body(media, content["schema"], schemas)
    yield "\n| status | answer | media types |\n|---|---|---|"
    for status, answer in sorted(operation["responses"].items()):
        yield _row(status, answer["description"], _media_types(answer.get("content", {})))


def _parameter(parameter: Json, schemas: Json) -> str:
    schema = parameter["schema"]
    default = "required" if parameter.get("required") else _default(schema)
    told = parameter.get("description", "")
    described = [told, _examples([f"`{one}`" for one in schema.get("examples", ()) if str(one) not in told])]
    return _row(
        f"`{parameter['name']}`",
        parameter["in"],
        _type(schema, schemas),
        default,
        _range(schema, schemas),
        " ".join(filter(None, described)),
    )


def _body(media: str, schema: Json, schemas: Json) -> Iterator[str]:
    schema = _resolved(schema, schemas)
    kind = f"{_type(schema, schemas)}{_bracketed(_range(schema, schemas))}"
    yield f"\nBody, `{media}`: {kind}. {schema.get('description', '')}".rstrip()
    if properties := schema.get("properties"):
        yield "\n| field | type | range | description |\n|---|---|---|---|"
        for name, field in properties.items():
            yield _row(f"`{name}`", _type(field, schemas), _range(field, schemas), field.get("description", ""))
    for example in schema.get("examples", ()):
        yield f"\n    {orjson.dumps(example).decode()}"


def _media_types(content: Json) -> str:
    return ", ".join(f"`{media}`{_bracketed(_shape(one['schema']))}" for media, one in content.items())


def _shape(schema: Json) -> str:
    """The name of a shape, if it has one."""
    return schema.get("$ref", "").rpartition("/")[2]


def _bracketed(text: str) -> str:
    return f" ({text})" if text else ""


def _resolved(schema: Json, schemas: Json) -> Json:
    return schemas[_shape(schema)] if "$ref" in schema else schema


def _choices(schema: Json, schemas: Json) -> list[Json]:
    """What a value may be, null left out: a parameter that may be null is one that may be left out."""
    resolved = _resolved(schema, schemas)
    return [_resolved(one, schemas) for one in resolved.get("anyOf", [resolved]) if one.get("type") != "null"]


def _type(schema: Json, schemas: Json) -> str:
    return " or ".join(_type_of_one(one, schemas) for one in _choices(schema, schemas))


def _type_of_one(schema: Json, schemas: Json) -> str:
    if values := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return ", ".join(f"`{one}`" for one in values)
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'], schemas)}"
    if schema.get("type") == "object" and schema.get("required"):
        return f"object with {', '.join(f'`{one}`' for one in schema['required'])}"
    return schema.get("type", "any")


def _range(schema: Json, schemas: Json) -> str:
    """The bounds of a value, wherever its schema tells them."""
    bounds: Json = {}
    for one in (schema, *_choices(schema, schemas)):
        bounds |= {name: one[name] for name in _RANGES if name in one}
    return ", ".join(_RANGES[name].format(f"{bounds[name]:,}") for name in _RANGES if name in bounds)


def _default(schema: Json) -> str:
    default = schema.get("default")
    return "" if default in (None, "", []) else f"`{orjson.dumps(default).decode().strip(chr(34))}`"


def _examples(shown: list[str]) -> str:
    return f"Such as {', '.join(shown)}." if shown else ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(f"{reference(create_app(Settings()).openapi())}\n")
