"""The ``clinical_study`` elements of an XML file, one in memory at a time, read so that no file can do harm."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from ..errors import ReadError
from .records import Rejection

_CHUNK = 1 << 20
_RECORD_LIMIT = 64 << 20
"""The largest record that is read, in bytes; the largest real one is about 20 MB, nearly all of it results."""
_ELEMENT_LIMIT = 1 << 20
"""The most elements of a record, results left out; real records have some ten thousand, for a site each a few."""


class _Studies:
    """What a parser sends its events to: builds one study at a time, without its results."""

    def __init__(self) -> None:
        self.root: str | None = None
        self.finished: list[Element] = []
        self.nct_id: str | None = None
        self._builder: TreeBuilder | None = None
        self._depth = self._count = self._left_out = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.root = self.root or tag
        if self._left_out:
            self._left_out += 1
            return
        if self._builder is None:
            if tag != "clinical_study":
                return
            self._builder, self._count, self.nct_id = TreeBuilder(), 0, None
        self._builder.start(tag, attributes)
        self._depth, self._count = self._depth + 1, self._count + 1
        self._left_out = int(tag == "clinical_results")
        if self._count > _ELEMENT_LIMIT:
            raise ReadError(f"The record has more than {_ELEMENT_LIMIT:,} elements.")

    def data(self, text: str) -> None:
        if self._builder is not None and not self._left_out:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        if self._left_out > 1:
            self._left_out -= 1
        elif self._builder is not None:
            self._left_out = 0
            element = self._builder.end(tag)
            self._depth -= 1
            if tag == "nct_id" and self.nct_id is None:
                self.nct_id = (element.text or "").strip() or None
            if self._depth == 0:
                self.finished.append(element)
                self._builder = self.nct_id = None

    def close(self) -> None:
        """The parser asks for what was built; it has been taken already."""


def studies_in(stream: BinaryIO, name: str) -> Iterator[Element | Rejection]:
    """Every study of a file, and why the rest of it cannot be read.

    Document types and entities are refused, results are left out, and a study has a largest size.

    Args:
        stream: the file.
        name: of the file, for rejections.
    """
    studies = _Studies()
    parser = XMLParser(target=studies, forbid_dtd=True)
    reason, number, size = None, 0, 0
    while reason is None:
        chunk = stream.read(_CHUNK)
        reason, size = _feed(parser, chunk), size + len(chunk)
        if studies.finished:
            number, size = number + len(studies.finished), 0
            yield from studies.finished
            studies.finished.clear()
        if size > _RECORD_LIMIT:
            reason = f"the record is larger than {_RECORD_LIMIT >> 20} MiB"
        if not chunk:
            break
    if reason is not None:
        position = f"after study {number}" if number else "whole file"
        yield Rejection(name, position, studies.nct_id, reason)
    elif number == 0:
        yield Rejection(name, "whole file", None, f"XML without any clinical_study; its root is {studies.root!r:.60}")


def _feed(parser: XMLParser, chunk: bytes) -> str | None:
    """Parse on, an empty chunk being the end; the reason if that fails."""
    try:
        if chunk:
            parser.feed(chunk)
        else:
            parser.close()
    except ParseError as error:
        return f"not well-formed XML, or cut short ({error})"
    except DefusedXmlException:
        return "it defines a document type or entities, which are refused because they can hide attacks"
    except ReadError as error:
        return str(error)
    except (LookupError, ValueError) as error:
        return f"its encoding cannot be read ({error})"
    return None
