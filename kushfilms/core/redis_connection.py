"""Connection of the cache to Redis, which gives up on a server that hangs."""

from typing import Any

from redis import Connection
from redis.exceptions import TimeoutError as RedisTimeout

from kushfilms.core.breaker import Breaker

PAUSE_SECONDS = 2.0
breaker = Breaker(pause_seconds=PAUSE_SECONDS)


class BreakerConnection(Connection):
    """Connection that raises TimeoutError without waiting, for a while after a timeout."""

    def send_packed_command(self, command: Any, check_health: bool = True) -> None:  # noqa: FBT001, FBT002  redis-py's
        if breaker.blocks():
            raise RedisTimeout("Redis did not answer a moment ago.")
        try:
            super().send_packed_command(command, check_health=check_health)  # type: ignore[no-untyped-call]
        except RedisTimeout:
            breaker.failed()
            raise

    def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            answer = super().read_response(*args, **options)
        except RedisTimeout:
            breaker.failed()
            raise
        breaker.worked()
        return answer
