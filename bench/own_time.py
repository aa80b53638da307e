"""A browser's trace as if nobody else had used the processor.

On a machine where other work runs a task of 8 ms may take 80 by the clock, and Lighthouse, which
multiplies by four for a cheap phone, would count our neighbours as our code. Chromium also notes
the processor time of each thread: tasks take that here.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from pathlib import Path
from typing import Any

Event = dict[str, Any]


def rewrite(path: Path) -> None:
    trace = json.loads(path.read_text())
    threads: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in trace["traceEvents"]:
        threads[event["pid"], event["tid"]].append(event)
    for events in threads.values():
        _shrink(events)
    path.write_text(json.dumps(trace))


def _shrink(events: list[Event]) -> None:
    """Tasks begin when they did; what is within one moves to its place on the thread's own clock.

    Marks, as those of paints, stay: they lie between tasks or are compared with their beginnings.
    """
    timed = [event for event in events if event["ph"] == "X" and {"dur", "tts"} <= event.keys()]
    tasks = _outermost([event for event in timed if event["name"] == "RunTask"])
    begins = [task["ts"] for task in tasks]
    for event in timed:
        place = bisect_right(begins, event["ts"]) - 1
        if place >= 0 and event["ts"] <= tasks[place]["ts"] + tasks[place]["dur"]:
            event["ts"] = tasks[place]["ts"] + max(0, event["tts"] - tasks[place]["tts"])
            event["dur"] = event.get("tdur", 0)


def _outermost(tasks: list[Event]) -> list[Event]:
    """Copies, as the events themselves are about to change."""
    kept: list[Event] = []
    for task in sorted(tasks, key=lambda task: (task["ts"], -task["dur"])):
        if not kept or task["ts"] >= kept[-1]["ts"] + kept[-1]["dur"]:
            kept.append(dict(task))
    return kept
