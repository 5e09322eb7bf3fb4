import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, update
from sqlalchemy.exc import IntegrityError

from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import after_commit, db, transaction
from audit.core.errors import AuditError, Busy, Conflict, Invalid, NotAllowed, NotFound
from audit.core.settings import settings
from audit.journal.actions import record
from audit.queue.runs import later

from .gate import gate
from .models import Photo
from .queries import (
    get_photo,
    is_key_needed,
    is_original_needed,
    uploads_since,
    was_destroyed,
)
from .rules import (
    Capture,
    Limits,
    Picture,
    PlaceSource,
    Size,
    derivative_key,
    hashes_of,
    original_key,
)
from .storage import FolderStorage, Storage, StorageAway

log = logging.getLogger(__name__)

PHOTOS_A_DAY = 1000
OTHER_CONTENT = _(
    "同一编号的照片已经收到，但内容不同。第一次收到的照片保持不变；请把这一张作为新照片上传。"
)
ORIGINAL_GONE = _("这张照片的原件已按保存期限销毁，只能查看处理后的照片。")


class TooManyPhotos(AuditError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    message = _("今天上传的照片已达上限。照片仍在您的手机里，请明天再传，或联系管理员。")


@dataclass(frozen=True)
class ReceivedPhoto:
    """A picture whose files are safely on disk, but which no row knows yet."""

    sha256: str
    byte_size: int
    picture: Picture


def photo_storage() -> Storage:
    """Where the settings want pictures to lie."""
    return bucket_storage() if settings().photo_storage == "s3" else folder_storage()


def folder_storage() -> Storage:
    return FolderStorage(settings().var_dir / "photos")


def bucket_storage() -> Storage:
    from .bucket import Bucket, BucketStorage  # botocore: only where there is a bucket

    chosen = settings()
    return BucketStorage(
        Bucket(
            chosen.s3_endpoint,
            chosen.s3_bucket,
            chosen.s3_region,
            chosen.s3_key_id,
            chosen.s3_key_secret.get_secret_value(),
            chosen.s3_path_style,
        )
    )


def photo_limits() -> Limits:
    chosen = settings()
    return Limits(bytes=chosen.photo_max_mb * 1_000_000, pixels=chosen.photo_max_mpx * 1_000_000)


def receive_photo(content: bytes, actor: Actor) -> ReceivedPhoto:
    """Decode a picture and put its files on disk: the step before `transaction()`.

    It takes a fifth of a second, during which no lock on the database is held; so it ends the
    read transaction of the request, and refuses to run inside a writing one. Raises
    `PhotoRefused`, `Busy`, `StorageFull`, `StorageAway`, `TooManyPhotos`. Files without a row do
    no harm: the same picture sent again finds them, and `check_photos` clears them away.
    """
    _hold_no_lock(actor)
    picture = gate(photo_limits()).decode(content)
    sha256 = hashlib.sha256(content).hexdigest()
    storage = photo_storage()
    storage.put(original_key(sha256), content, sealed=True)
    for size, derivative in picture.derivatives.items():
        storage.put(derivative_key(sha256, size), derivative)
    return ReceivedPhoto(sha256, len(content), picture)


def keep_photo(
    photo_id: UUID,
    received: ReceivedPhoto,
    actor: Actor,
    *,
    told: Capture | None = None,
    district: str | None = None,
) -> Photo:
    """The row of a received picture. Sent twice, it exists once; journaled the first time.

    `told` is what the phone says of time and place; it goes before the picture's own EXIF, which
    the shrinking on the phone removes. Raises `Conflict` when the id already stands for other
    bytes or belongs to another sender.
    """
    known = db.session.get(Photo, photo_id)
    if known is None:
        # Asked only where it can be so: a bucket's answer takes long under the writer's lock.
        if was_destroyed(received.sha256) and not _is_stored(received):
            raise Busy  # retention destroyed the same bytes a moment ago: send it again
        photo = _row(photo_id, received, actor, told or Capture(), district)
        try:
            with db.session.begin_nested():
                db.session.add(photo)
        except IntegrityError:  # the same upload, a moment earlier, in another process
            known = get_photo(photo_id)
    if known is not None:
        return _same(known, received, actor)
    note_hashes(received.sha256, received.picture.derivatives)
    detail = {"sha256": received.sha256, "bytes": received.byte_size}
    record(actor, "keep", "photo", photo_id, district=district, detail=detail)
    return photo


def note_hashes(shown: str, derivatives: Mapping[Size, bytes]) -> None:
    """For every row that shows these files: a newer Pillow may have made them anew, otherwise."""
    named = func.coalesce(Photo.shown_sha256, Photo.sha256) == shown
    either = or_(Photo.sha256 == shown, Photo.shown_sha256 == shown)  # these two have an index
    db.session.execute(
        update(Photo).where(either, named).values(shown_hashes=hashes_of(derivatives))
    )


def release_original(photo: Photo, actor: Actor, reason: str) -> None:
    """Journals why somebody gets the bytes as received, with all that the camera wrote in them.

    They are read after the commit (`serving.original_answer`). Raises `NotAllowed`, `Invalid`
    without a reason, `NotFound` after retention.
    """
    if not actor.may(May.OPEN_ORIGINALS, photo.district_code):
        raise NotAllowed
    why = reason_of(reason)
    if photo.original_gone_at is not None:
        raise NotFound(ORIGINAL_GONE)
    record(actor, "open_original", "photo", photo.id, district=photo.district_code, why=why)


def destroy_original(photo: Photo, actor: Actor, reason: str) -> None:
    """The end of retention: the original's bytes, its time and its place are gone.

    The derivatives stay. The file goes after the commit, unless another row needs the same one.
    """
    if photo.original_gone_at is not None:
        return
    photo.original_gone_at = now()
    photo.taken_at = photo.lon = photo.lat = photo.accuracy_m = photo.place_source = None
    why = reason_of(reason)
    record(actor, "destroy_original", "photo", photo.id, district=photo.district_code, why=why)
    if not is_original_needed(photo.sha256):
        key = original_key(photo.sha256)
        after_commit(lambda: discard([key]))


def discard(keys: Sequence[str]) -> None:
    """Delete files that no row needs any more; call it after the commit that says so.

    While a bucket does not answer, the work is promised for later.
    """
    try:
        delete_unneeded(keys)
    except StorageAway:
        with transaction():
            later("discard_pictures", keys=" ".join(keys))


def delete_unneeded(keys: Sequence[str]) -> None:
    """Raises `StorageAway`. What has come in again meanwhile is left."""
    storage = photo_storage()
    needed = [key for key in keys if is_key_needed(key)]
    db.session.rollback()  # no lock is held while a bucket is asked
    for key in keys:
        if key not in needed:
            storage.delete(key)


def _is_stored(received: ReceivedPhoto) -> bool:
    return photo_storage().exists(original_key(received.sha256))


def _hold_no_lock(actor: Actor) -> None:
    session = db.session()
    if session.connection().get_execution_options().get("writing", False):
        raise RuntimeError("receive_photo belongs before transaction(), not inside it")
    sent = uploads_since(actor.id, now() - timedelta(days=1)) if actor.id else 0
    session.rollback()
    if sent >= PHOTOS_A_DAY:
        raise TooManyPhotos


def _row(
    photo_id: UUID, received: ReceivedPhoto, actor: Actor, told: Capture, district: str | None
) -> Photo:
    picture = received.picture
    capture = told.or_else(picture.capture)
    source = PlaceSource.PHONE if told.lon is not None else PlaceSource.EXIF
    return Photo(
        id=photo_id,
        sha256=received.sha256,
        byte_size=received.byte_size,
        kind=picture.kind,
        width=picture.width,
        height=picture.height,
        taken_at=capture.taken_at,
        lon=capture.lon,
        lat=capture.lat,
        accuracy_m=capture.accuracy_m,
        place_source=None if capture.lon is None else source,
        uploaded_by_id=actor.id,
        uploaded_by_name=actor.name,
        uploaded_at=now(),
        district_code=district,
    )


def _same(known: Photo, received: ReceivedPhoto, actor: Actor) -> Photo:
    if known.sha256 != received.sha256 or known.uploaded_by_id != actor.id:
        raise Conflict(OTHER_CONTENT)
    return known


def reason_of(text: str) -> str:
    why = " ".join(text.split())
    if len(why) < 2 or len(why) > 500:
        raise Invalid({"reason": _("请写明理由（2 到 500 字），它会记入日志。")})
    return why
