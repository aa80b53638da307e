"""Avatar uploads straight to storage: announced, sent to a signed URL, completed, swept.

The URL is bound to the announced length and type. The object is read once, at completion, and
deleted; a later object of the same URL is never read and is swept.
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
# Storage checks the expiry when a request begins, so a slow connection needs no more.
URL_LIFETIME = timedelta(minutes=10)
UPLOAD_LIFETIME = timedelta(hours=1)
# Longer than the life of a signed URL and of the request that uses it.
STRAY_KEPT = timedelta(hours=6)
# Time in which a repeated completion is answered with the profile.
ROWS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class AvatarTicket:
    upload: AvatarUpload
    upload_url: str
    expires_in: int


def avatar_upload_begin(
    user_id: UUID, *, content_type: str, size: int, now: datetime
) -> AvatarTicket:
    """Announce a picture and return the URL for one PUT of that length and type.

    Raises:
        UnsupportedMedia: not a supported type of picture.
        InvalidInput: no bytes.
        TooLarge: more than MOST_BYTES.
    """
    if content_type not in TYPES:
        raise UnsupportedMedia("Send a JPEG, PNG or WebP.")
    if size <= 0:
        raise InvalidInput("The file is empty.", fields={"size": ["The file is empty."]})
    if size > MOST_BYTES:
        message = _("Use a picture of at most %(size)s MB.")
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
    """Make the uploaded picture the person's avatar. Idempotent.

    Raises:
        NotFound: no such upload of this person.
        WrongState: `upload_gone`, `upload_incomplete`, `size_mismatch`.
        StorageError: storage is unavailable; try again.
        Also the errors of `avatar_webp`, after which the upload is deleted from storage.
    """
    upload = _own(user_id, upload_id)
    if upload.completed_at is not None:
        return User.objects.get(pk=user_id)
    if upload.expires_at <= now:
        raise WrongState("This upload has expired. Start again.", code="upload_gone")
    try:
        data = _arrived(upload)
    except WrongState:
        if not _own(upload.user_id, upload.pk).completed_at:
            raise
        # A concurrent call completed the upload while this one read storage.
        return User.objects.get(pk=user_id)
    try:
        key = avatar_store(data)
    except (TooLarge, PictureUnreadable):
        with suppress(StorageError):  # otherwise the sweep deletes it
            storage.delete(upload.key)
        raise
    _point(upload, key, now=now)
    return User.objects.get(pk=user_id)


def _own(user_id: UUID, upload_id: UUID) -> AvatarUpload:
    upload = AvatarUpload.objects.filter(pk=upload_id, user_id=user_id).first()
    if upload is None:
        raise NotFound("Upload not found.")
    return upload


def _arrived(upload: AvatarUpload) -> bytes:
    """Return the object's bytes: as many as announced, and so at most MOST_BYTES."""
    try:
        found = storage.open_object(upload.key)
    except ObjectMissing as exc:
        raise WrongState("The file has not arrived.", code="upload_incomplete") from exc
    try:
        if found.size_bytes != upload.size:
            message = "The file does not have the announced size. Send it again."
            raise WrongState(message, code="size_mismatch")
        return b"".join(found.blocks())
    finally:
        found.close()


@transaction.atomic
def _point(upload: AvatarUpload, key: str, *, now: datetime) -> None:
    """Complete the upload with the stored picture `key`, unless a concurrent call has."""
    open_row = AvatarUpload.objects.filter(pk=upload.pk, completed_at=None)
    if not open_row.update(completed_at=now):
        job_enqueue("avatar_delete", {"key": key})
        return
    avatar_point(upload.user_id, key)
    job_enqueue("avatar_delete", {"key": upload.key})


def avatar_uploads_sweep(*, now: datetime) -> int:
    """Delete stray objects and expired rows; return the number of objects.

    Strays are of uploads that never completed, or arrived after completion. No upload whose object
    has this age can still complete.
    """
    deleted = 0
    for item in storage.list_objects(PREFIX):
        if item.modified_at and item.modified_at < now - STRAY_KEPT:
            storage.delete(item.key)
            deleted += 1
    AvatarUpload.objects.filter(expires_at__lt=now - ROWS_KEPT).delete()
    return deleted


def avatar_uploads_forget(user_id: UUID) -> None:
    """Delete the objects of a person's uploads. Raises StorageError.

    Rows are kept longer than objects, so they name every object.
    """
    for upload in AvatarUpload.objects.filter(user_id=user_id):
        storage.delete(upload.key)
