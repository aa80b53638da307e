"""Check of every package against Apple's HLS authoring rules before viewers get it.

Works on playlist texts and the facts taken from segments as they left the packager: nothing is
downloaded again. Clause numbers are those of the HLS Authoring Specification for Apple Devices.
"""

from __future__ import annotations

from collections.abc import Sequence

from streaming.encoding import rules_master, rules_media
from streaming.encoding.plan import EncodePlan
from streaming.encoding.results import PackageResult
from streaming.encoding.rules import Rule, View, Violation


def check_package(plan: EncodePlan, *, package: PackageResult) -> list[Violation]:
    """Return the violations in rule order; none means the package may be published."""
    rules: Sequence[Rule] = (*rules_master.RULES, *rules_media.RULES)
    view = View(plan, package)
    return [
        Violation(rule=rule.id, clause=rule.clause, sentence=rule.sentence, found=found)
        for rule in rules
        for found in rule.check(view)
    ]
