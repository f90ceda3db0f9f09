"""Addresses of pages: the parameters that a page was asked with, and links to the same page with some changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from ...errors import UsageError
from ..value_lists import value_list, values


@dataclass(frozen=True)
class Address:
    """A path with its parameters, in a fixed order, without empty ones.

    Attributes:
        path: from the root.
        parameters: by name.
    """

    path: str
    parameters: Mapping[str, str]

    @classmethod
    def of(cls, path: str, given: QueryParams, known: tuple[str, ...]) -> "Address":
        """The address of a request, of the parameters that a page knows.

        What other sites append to links (``utm_source``) is left out; a filter that is misspelt is not, for the list
        would be another than the reader thinks.

        Raises:
            UsageError: there is no such filter, or a parameter is given twice.
        """
        for name in given:
            if name.startswith("filter.") and name not in known:
                filters = ", ".join(one for one in known if one.startswith("filter."))
                raise UsageError(f"There is no filter {name!r}.", f"Filters are {filters}.")
            if name in known and len(given.getlist(name)) > 1:
                raise UsageError(f"The parameter {name!r} is given twice.", "Separate several values by commas.")
        return cls(path, {name: given[name] for name in known if given.get(name, "").strip()})

    def changed(self, path: str = "", /, **changes: str | int | None) -> "Address":
        """The same with other values; None and empty ones are left out."""
        merged = {**self.parameters, **changes}
        return Address(
            path or self.path, {name: str(value) for name, value in merged.items() if value not in (None, "")}
        )

    def with_value(self, name: str, value: str | None) -> "Address":
        """The same with one parameter set, or left out, by its name as it stands."""
        return self.changed(**{name: value})

    def values(self, name: str) -> list[str]:
        """The values of a parameter that takes several."""
        return values(self.parameters.get(name, ""))

    def toggled(self, name: str, value: str) -> "Address":
        """The same with one of several values added, or taken away where it is there."""
        chosen = self.values(name)
        kept = [one for one in chosen if one.casefold() != value.casefold()]
        return self.with_value(name, value_list(kept if len(kept) < len(chosen) else [*chosen, value]))

    def __str__(self) -> str:
        query = urlencode(self.parameters, safe=",.=:")
        return f"{self.path}?{query}" if query else self.path
