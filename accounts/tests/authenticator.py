"""An authenticator app, for tests."""

from datetime import datetime
from typing import Any

import pyotp
from django.utils import timezone

from accounts.models import User
from accounts.services.second_factor import totp_begin, totp_confirm
from accounts.services.sessions import Device, session_start


class Authenticator:
    """An authenticator app of a person; each code is of a later step, as a code is valid once."""

    def __init__(self, user: User, password: str, time_machine: Any) -> None:
        self._clock, now = time_machine, timezone.now()
        self._clock.move_to(now, tick=False)
        self.secret = totp_begin(user, password=password, now=now).secret
        session = session_start(user, kind="API", device=Device())  # type: ignore[arg-type]
        self.recovery_codes = totp_confirm(user, code=self.at(now), session_id=session.pk, now=now)

    def at(self, moment: datetime) -> str:
        return str(pyotp.TOTP(self.secret).at(moment))

    def wrong(self) -> str:
        """Return a code that is not valid now."""
        near = {self._app_code(off) for off in (-60, -30, 0, 30, 60)}
        return next(code for code in ("000000", "111111", "222222") if code not in near)

    def next(self) -> str:
        self._clock.shift(30)
        return self.at(timezone.now())

    def _app_code(self, off: int) -> str:
        return str(pyotp.TOTP(self.secret).at(int(timezone.now().timestamp()) + off))
