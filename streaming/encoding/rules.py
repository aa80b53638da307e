"""Types of the conformance rules: a rule, the package as rules read it, and a violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import m3u8

from streaming.encoding.plan import EncodePlan
from streaming.encoding.results import PackageResult, RenditionFacts


@dataclass(frozen=True, kw_only=True)
class Violation:
    rule: str
    clause: str
    sentence: str
    found: str


@dataclass(frozen=True)
class Rule:
    id: str
    clause: str
    sentence: str
    check: Check


class Rules(list[Rule]):
    """Rules in the order of their definition."""

    def rule(self, rule_id: str, clause: str, sentence: str) -> Callable[[Check], Check]:
        """Decorate the check of a rule: a function that yields each fault of a package."""

        def add(check: Check) -> Check:
            self.append(Rule(rule_id, clause, sentence, check))
            return check

        return add


@dataclass(frozen=True)
class View:
    """A package as the rules read it."""

    plan: EncodePlan
    package: PackageResult

    @cached_property
    def master_text(self) -> str:
        return self.package.playlists["master.m3u8"]

    @cached_property
    def master(self) -> Any:
        return m3u8.loads(self.master_text)

    @cached_property
    def media(self) -> dict[str, Any]:
        """Return the parsed media playlists, without I-frame playlists."""
        return {
            path: m3u8.loads(text)
            for path, text in self.package.playlists.items()
            if path.endswith("/media.m3u8")
        }

    @cached_property
    def renditions(self) -> dict[str, RenditionFacts]:
        return {rendition.name: rendition for rendition in self.package.renditions}

    @property
    def video(self) -> list[RenditionFacts]:
        return [item for item in self.package.renditions if item.kind == "video"]

    @property
    def audio(self) -> list[RenditionFacts]:
        return [item for item in self.package.renditions if item.kind == "audio"]

    @cached_property
    def variants(self) -> list[Any]:
        return list(self.master.playlists)

    @property
    def video_variants(self) -> list[Any]:
        return [item for item in self.variants if "avc" in (item.stream_info.codecs or "avc")]

    def rendition_of(self, uri: str) -> RenditionFacts | None:
        return self.renditions.get(uri.split("/", maxsplit=1)[0])

    @property
    def frame_seconds(self) -> float:
        return float(1 / self.plan.frame_rate)

    @cached_property
    def object_paths(self) -> set[str]:
        return {item.path for item in self.package.objects}


Check = Callable[[View], Iterator[str]]
