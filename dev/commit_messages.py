"""Rules of commit messages: an imperative subject of at most 72 characters and a body.

    python3 dev/commit_messages.py FILE    one message, as Git's commit-msg hook
    python3 dev/commit_messages.py         every commit since this file exists

Needs the standard library alone, because the hook runs outside the project's environment.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST_SUBJECT = 72
SHORTEST_BODY_WORDS = 5
# Git and its hosts write these subjects themselves.
GENERATED = re.compile(r"(Merge|Revert|fixup!|squash!|amend!)\b")
# Openings that are no imperative: an article, a pronoun, a past tense, a gerund, a third person.
NOT_IMPERATIVE = re.compile(
    r"(A|An|The|This|That|It|We|You|I|What|Who|Where|When|How|There|Some|All|No|More"
    r"|\w+(?:ed|ing)|(?!Pass|Process|Address|Discuss|Focus|Access|Express|Guess|Compress)\w{2,}s)\b"
)
# Verbs that only look like a past tense or a gerund.
VERBS = {"Embed", "Feed", "Need", "Seed", "Speed", "Shed", "Bring", "String", "Ping"}


def faults(message: str) -> Iterator[str]:
    """Yield a sentence for each rule that the message breaks."""
    text = "\n".join(line for line in message.splitlines() if not line.startswith("#")).strip()
    subject, _, rest = text.partition("\n")
    if not subject:
        yield "The message is empty."
        return
    if GENERATED.match(subject):
        return
    if len(subject) > LONGEST_SUBJECT:
        yield f"The subject has {len(subject)} characters; {LONGEST_SUBJECT} are the most."
    first = subject.split()[0]
    if not first[0].isupper() or (first not in VERBS and NOT_IMPERATIVE.fullmatch(first)):
        yield f"The subject starts with an imperative verb in upper case, not with {first!r}."
    if subject.endswith("."):
        yield "The subject ends without a full stop."
    if rest and not rest.startswith("\n"):
        yield "An empty line separates the subject from the body."
    if len(rest.split()) < SHORTEST_BODY_WORDS:
        yield "A body says why the change is made."


def new_commits() -> Iterator[tuple[str, str]]:
    """Yield the hash and the message of each commit on top of the one that added this file."""
    here = Path(__file__)
    added = _git("log", "--diff-filter=A", "--format=%H", "--", here.name, folder=here.parent)
    if not added.strip():
        return  # a copy without history
    since = f"{added.split()[-1]}..HEAD"
    form = "--format=%H%n%B%x00"
    listing = _git("log", "--no-merges", "--ancestry-path", form, since, folder=here.parent)
    for entry in listing.split("\0"):
        commit, _, message = entry.strip().partition("\n")
        if commit:
            yield commit, message


def _git(*arguments: str, folder: Path) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else ""


def main(files: list[str]) -> int:
    messages = [(name, Path(name).read_text(encoding="utf-8")) for name in files]
    broken = 0
    for name, message in messages or new_commits():
        for fault in faults(message):
            broken += 1
            sys.stderr.write(f"{name[:12]}: {fault}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
