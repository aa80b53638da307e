"""Browser trace in processor time, as if no other program had used the processor.

On a machine with other load a task of 8 ms may take 80 ms by the clock. Lighthouse, which
multiplies by four for a cheap phone, would count that load as the page's own. Chromium also records
the processor time of each thread, which replaces the duration of the tasks here.
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
    """Keep the start of each task, and move the events in it by the thread's own clock.

    Marks, such as paints, stay: they are between tasks, or are compared with their starts.
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
    """Return copies of the tasks that are not within another, because the events will change."""
    outermost: list[Event] = []
    for task in sorted(tasks, key=lambda task: (task["ts"], -task["dur"])):
        if not outermost or task["ts"] >= outermost[-1]["ts"] + outermost[-1]["dur"]:
            outermost.append(dict(task))
    return outermost
