"""The address of the mail server says everything, is checked at the start, and its password is never shown."""

from __future__ import annotations

import pytest

from perron.config import Config
from perron.mail import mail_server


def test_an_address_says_how_to_speak_to_whom_and_in_whose_name():
    found = mail_server("smtp+starttls://per%40ron:s%3Acret@mail.example.org?from=a+b@example.org")
    assert (found.host, found.port, found.starttls, found.tls) == ("mail.example.org", 587, True, False)  # fmt: skip
    assert (found.user, found.password, found.sender) == ("per@ron", "s:cret", "a+b@example.org")
    assert "cret" not in repr(found)
    assert mail_server("smtps://m?from=a@b.be").port == 465
    assert mail_server("smtp://127.0.0.1:2525?from=a@b.be").port == 2525


@pytest.mark.parametrize(
    "address",
    [
        "mail.example.org",
        "http://u:hidden@m?from=a@b.be",
        "smtp://u:hidden@?from=a@b.be",
        "smtp://u:hidden@m:99999?from=a@b.be",
        "smtp://u:hidden@m",
        "smtp://u:hidden@m?from=",
        "smtp://u:hidden@m?from=a@b.be%0d%0aBcc:c@d.be",
        "smtp://u:hidden@m?from=a@b.be&form=c@d.be",
    ],
)
def test_a_wrong_address_is_refused_without_its_password(address: str):
    with pytest.raises(ValueError, match=r"^(?!.*hidden)"):
        mail_server(address)
    with pytest.raises(ValueError, match="email"):
        Config(email=address)


def test_without_an_address_there_is_no_server():
    assert Config().mail is None
