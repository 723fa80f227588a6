"""Who may sign in: an active account, and an account of the demonstration only in a demonstration."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from perron.config import config
from perron.site.accounts.models import User

#: The domain of the accounts that `perron demo` makes; their password is public.
DEMONSTRATION_DOMAIN = "@exemple.test"


def of_demonstration(user: Any) -> bool:
    """Whether an account belongs to the demonstration, by its address."""
    return str(user.email).lower().endswith(DEMONSTRATION_DOMAIN)


class PeopleBackend(AuthenticationBackend):
    """Asked at sign-in and again at each request, so that a session ends with the right to one."""

    def user_can_authenticate(self, user: Any) -> bool:
        allowed: bool = super().user_can_authenticate(user)
        return allowed and (not of_demonstration(user) or config().demonstration)

    def get_user(self, user_id: int) -> User | None:
        """The account of a session with its role and its person, in one query."""
        user = User.objects.select_related("role", "person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
