"""The mail server, as one address: smtp://user:password@host:port?from=perron@example.org.

`smtp` speaks plainly, `smtp+starttls` turns to TLS before saying anything, `smtps` speaks TLS from
the first byte. Names and passwords are percent-encoded, as in any address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

#: The port of each way of speaking, where the address names none.
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and in whose name."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    tls: bool = False


def mail_server(address: str) -> MailServer:
    """The server that an address names; ValueError, without the password, for one that names none.

    >>> mail_server("smtp+starttls://mail.example.org?from=perron@example.org").port
    587
    """
    parts = urlsplit(address)
    if parts.scheme not in _PORTS:
        raise ValueError(
            f"the scheme is one of {', '.join(_PORTS)}, as in "
            "smtp+starttls://user:password@host:587?from=perron@example.org"
        )
    if not parts.hostname:
        raise ValueError("the address names no host")
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError("the port is a number up to 65535") from error
    # parse_qsl would read the plus sign of an address as a space.
    asked = dict(parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True))
    sender = asked.pop("from", "")
    if not sender.count("@") or any(c in sender for c in "\r\n"):
        raise ValueError("the sender is missing: end the address with ?from=perron@example.org")
    if asked:
        raise ValueError(f"only “from” is understood after “?”, not “{min(asked)}”")
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+starttls",
        tls=parts.scheme == "smtps",
    )
