"""Texts of a page: its visible texts, and the accessible names in place of one."""

from html.parser import HTMLParser

SILENT = {"script", "style", "svg", "template"}
NAMED = ("alt", "aria-label", "placeholder", "title")


class Said(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within = ""  # an element without readable text, until it ends

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.texts += [told[name] for name in NAMED if name in told]
        if tag == "meta" and told.get("name") == "description":
            self.texts.append(told["content"])
        # The wordmark is a name.
        if not self._within and (tag in SILENT or "wordmark" in told.get("class", "")):
            self._within = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.texts.append(data)


def said(page: str) -> list[str]:
    """Return the texts in order, without duplicates and with single spaces."""
    reader = Said()
    reader.feed(page)
    return list(dict.fromkeys(text for one in reader.texts if (text := " ".join(one.split()))))
