"""Pages as people get them, taken apart."""

from html.parser import HTMLParser

import pytest

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


class Element:
    """An element of a page: `tag`, `attributes`, `children` and all its `text`."""

    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent = tag, dict(attributes), parent
        self.children, self._texts = [], []

    def __getitem__(self, name):
        return self.attributes[name]

    @property
    def text(self):
        return " ".join("".join(self._all_texts()).split())

    def _all_texts(self):
        for part in self._texts:
            yield from part._all_texts() if isinstance(part, Element) else [part]

    @property
    def classes(self):
        return (self.attributes.get("class") or "").split()

    def within(self):
        for child in self.children:
            yield child
            yield from child.within()

    def all(self, tag=None, **attributes):
        """The elements inside, of a tag and with the given attributes; ``class_`` is one of an element's classes."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items() if name != "class_"}
        return [
            one
            for one in self.within()
            if (tag is None or one.tag == tag)
            and ("class_" not in attributes or attributes["class_"] in one.classes)
            and all(one.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag=None, **attributes):
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.at = Element("", (), None)

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs, self.at)
        self.at.children.append(element)
        self.at._texts.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.at.tag == tag, f"</{tag}> inside <{self.at.tag}>"
        self.at = self.at.parent

    def handle_data(self, data):
        self.at._texts.append(data)


def parse(text):
    """The page; every element of it is closed where it should be."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.at is reader.root, f"<{reader.at.tag}> is never closed"
    return reader.root


@pytest.fixture
def get(client):
    """A page as a browser asks for it: the response, with what it says in `page`; redirects are not followed."""

    def of(path, status=200, *, client=client, **options):
        method = options.pop("method", "GET")
        headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        response = client.request(method, path, headers=headers, follow_redirects=False, **options)
        assert response.status_code == status, response.text
        if response.text:
            assert response.headers["content-type"] == "text/html; charset=utf-8"
        response.page = parse(response.text)
        return response

    return of
