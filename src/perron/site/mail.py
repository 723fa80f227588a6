"""Whether this installation sends e-mail, and what stands in for a server where it does not."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

UNSENT = "perron.site.mail.Unsent"


class Unsent(BaseEmailBackend):
    """No server is configured: nothing is sent, and `send_mail` answers 0 so that a page can say it."""

    def send_messages(self, _email_messages: Sequence[EmailMessage]) -> int:
        return 0


def sends() -> bool:
    """Whether messages leave: a page that would send one says so where they don't."""
    return str(settings.EMAIL_BACKEND) != UNSENT
