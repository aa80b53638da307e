"""What to call a TV that does not say its name."""

# What TVs put into their user agents, the telling before the general.
TVS = (
    ("Tizen", "Samsung TV"),
    ("Web0S", "LG TV"),
    ("WebOS", "LG TV"),
    ("BRAVIA", "Sony TV"),
    ("VIDAA", "Hisense TV"),
    ("Hisense", "Hisense TV"),
    ("AFT", "Fire TV"),
    ("CrKey", "Chromecast"),
    ("Roku", "Roku"),
    ("PlayStation", "PlayStation"),
    ("Xbox", "Xbox"),
    ("AppleTV", "Apple TV"),
    ("Android TV", "Android TV"),
    ("GoogleTV", "Google TV"),
)


def tv_name(user_agent: str) -> str:
    return next((name for mark, name in TVS if mark in user_agent), "A TV")


def network_of(ip: str | None) -> str:
    """Enough of an address to recognise one's own, and no more: 41.210.x.x."""
    if not ip:
        return ""
    if ":" in ip:
        return ":".join(ip.split(":")[:2]) + ":…"
    return ".".join(ip.split(".")[:2]) + ".x.x"
