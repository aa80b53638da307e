"""Avatars that go straight to storage: announced, sent with a signed URL, taken over, swept.

The URL is bound to the announced length and type. The object it writes is read once, at
completion, and deleted; what the URL writes after that is never read, and swept.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AvatarUpload, User
from accounts.services.avatars import avatar_point, avatar_store
from kushfilms.core import storage
from kushfilms.core.errors import (
    InvalidInput,
    NotFound,
    TooLarge,
    UnsupportedMedia,
    WrongState,
)
from kushfilms.core.images import MOST_BYTES, TYPES, PictureUnreadable
from kushfilms.core.jobs import job_enqueue
from kushfilms.core.storage import ObjectMissing, StorageError

PREFIX = "incoming/avatars/"
# Storage looks at a URL's end when a request begins, so a slow line does not need more.
URL_LIFETIME = timedelta(minutes=10)
UPLOAD_LIFETIME = timedelta(hours=1)
# Longer than a signed URL and the request that uses it live.
STRAY_KEPT = timedelta(hours=6)
# How long a repeated completion is still answered with the profile.
ROWS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class AvatarTicket:
    upload: AvatarUpload
    upload_url: str
    expires_in: int


def avatar_upload_begin(
    user_id: UUID, *, content_type: str, size: int, now: datetime
) -> AvatarTicket:
    """Announce a picture; return the URL for one PUT of that length and type.

    Raises:
        UnsupportedMedia: not a type of picture that we take.
        InvalidInput: no bytes.
        TooLarge: more than MOST_BYTES.
    """
    if content_type not in TYPES:
        raise UnsupportedMedia("Send a JPEG, PNG or WebP.")
    if size <= 0:
        raise InvalidInput("The file is empty.", fields={"size": ["There are no bytes in it."]})
    if size > MOST_BYTES:
        message = _("At most %(size)s MB. Take a smaller picture.")
        raise TooLarge(message % {"size": MOST_BYTES // 1024**2})
    upload = AvatarUpload.objects.create(
        user_id=user_id, content_type=content_type, size=size, expires_at=now + UPLOAD_LIFETIME
    )
    url = storage.presign(
        "put_object",
        lifetime=URL_LIFETIME,
        public=True,
        Key=upload.key,
        ContentLength=size,
        ContentType=content_type,
    )
    return AvatarTicket(upload, url, int(URL_LIFETIME.total_seconds()))


def avatar_upload_complete(user_id: UUID, upload_id: UUID, *, now: datetime) -> User:
    """Make the picture that arrived the person's avatar. Twice is once.

    Raises:
        NotFound: no such upload of this person.
        WrongState: `upload_gone`, `upload_incomplete`, `size_mismatch`.
        StorageError: storage is away; ask again.
        Also what `avatar_webp` raises. A picture that it refuses is deleted from storage.
    """
    upload = _own(user_id, upload_id)
    if upload.completed_at is None:
        if upload.expires_at <= now:
            raise WrongState("This upload has run out. Begin again.", code="upload_gone")
        _take_over(upload, now=now)
    return User.objects.get(pk=user_id)


def _own(user_id: UUID, upload_id: UUID) -> AvatarUpload:
    upload = AvatarUpload.objects.filter(pk=upload_id, user_id=user_id).first()
    if upload is None:
        raise NotFound("There is no such upload.")
    return upload


def _take_over(upload: AvatarUpload, *, now: datetime) -> None:
    try:
        data = _arrived(upload)
    except WrongState:
        if _own(upload.user_id, upload.pk).completed_at:
            return  # a twin of this call took the picture over while this one asked storage
        raise
    try:
        key = avatar_store(data)
    except (TooLarge, PictureUnreadable):
        with suppress(StorageError):  # else the sweep deletes it
            storage.delete(upload.key)
        raise
    _point(upload, key, now=now)


def _arrived(upload: AvatarUpload) -> bytes:
    """The object's bytes: as many as were announced, and so at most MOST_BYTES."""
    try:
        found = storage.open_object(upload.key)
    except ObjectMissing as exc:
        raise WrongState("The file has not arrived.", code="upload_incomplete") from exc
    try:
        if found.size_bytes != upload.size:
            message = "The file that arrived has another size than announced. Send it again."
            raise WrongState(message, code="size_mismatch")
        return b"".join(found.blocks())
    finally:
        found.close()


@transaction.atomic
def _point(upload: AvatarUpload, key: str, *, now: datetime) -> None:
    """Complete the upload with the stored picture `key`, unless a twin of this call has."""
    open_row = AvatarUpload.objects.filter(pk=upload.pk, completed_at=None)
    if not open_row.update(completed_at=now):
        job_enqueue("avatar_delete", {"key": key})
        return
    avatar_point(upload.user_id, key)
    job_enqueue("avatar_delete", {"key": upload.key})


def avatar_uploads_sweep(*, now: datetime) -> int:
    """Delete objects of uploads that never completed, or that came after completion, and rows
    that are over. Returns how many objects went.

    An object of this age belongs to no upload that can still complete.
    """
    gone = 0
    for item in storage.list_objects(PREFIX):
        if item.modified_at and item.modified_at < now - STRAY_KEPT:
            storage.delete(item.key)
            gone += 1
    AvatarUpload.objects.filter(expires_at__lt=now - ROWS_KEPT).delete()
    return gone


def avatar_uploads_forget(user_id: UUID) -> None:
    """Delete what the person sent and never completed. Raises StorageError.

    Rows are kept longer than objects, so they name every object there is.
    """
    for upload in AvatarUpload.objects.filter(user_id=user_id):
        storage.delete(upload.key)
