"""Where things lie. One checkout, one `.local/`: two checkouts never meet."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOCAL = CHECKOUT / ".local"
TETHER = CHECKOUT / "dev" / "stack" / "tether.py"
