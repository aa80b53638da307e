"""Network addresses as servers and proxies write them."""

import ipaddress
import re

# `203.0.113.7:5678` and `[2001:db8::1]:443`: proxies may add the port, RFC 7239 brackets.
WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d{1,5})?|(?P<four>[\d.]+):\d{1,5}")


def address_parse(text: str) -> str | None:
    """Return the address in its canonical form, without port, brackets or zone, or None.

    An IPv4 address inside IPv6 (`::ffff:203.0.113.7`) is the IPv4 address.
    """
    bare = text.strip()
    if match := WITH_PORT.fullmatch(bare):
        bare = match["six"] or match["four"]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
