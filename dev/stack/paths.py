"""Paths of the checkout. Each checkout has its own `.local/`, so that two never share a state."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOCAL = CHECKOUT / ".local"
TETHER = CHECKOUT / "streaming" / "encoding" / "tether.py"
