"""Avatars: stored under a random name; the old one is deleted after the change commits."""

import secrets
from uuid import UUID

from django.db import transaction

from accounts.auth.principal import principals_forget
from accounts.models import User
from accounts.services.people import user_lock
from kushfilms.core import storage
from kushfilms.core.images import avatar_webp
from kushfilms.core.jobs import Running, job_enqueue, job_kind


def avatar_set(user_id: UUID, data: bytes) -> User:
    """Store and set a person's avatar. Raises the errors of `avatar_store`; the old one stays."""
    return avatar_point(user_id, avatar_store(data))


def avatar_clear(user_id: UUID) -> User:
    return avatar_point(user_id, "")


def avatar_store(data: bytes) -> str:
    """Store a picture and return its key. Raises StorageError and the errors of `avatar_webp`."""
    key = f"public/avatars/{secrets.token_urlsafe(18)}.webp"
    storage.put_bytes(key, avatar_webp(data), content_type="image/webp")
    return key


@transaction.atomic
def avatar_point(user_id: UUID, key: str) -> User:
    """Make the stored picture `key` the person's avatar; an empty key removes it."""
    # Locked, so that each of two concurrent changes deletes the picture that it replaced.
    user = user_lock(user_id)
    old = user.avatar_key
    user.avatar_key = key
    user.save(update_fields=["avatar_key", "updated_at"])
    principals_forget(user=user)
    if old:
        job_enqueue("avatar_delete", {"key": old})
    return user


@job_kind("avatar_delete")
def delete_avatar(job: Running) -> None:
    storage.delete(job.payload["key"])
