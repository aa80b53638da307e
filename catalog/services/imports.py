"""Imports of sheets from the back office, checked and applied by a worker."""

from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.services.audit import audit_write
from catalog.models import ImportState, MovieImport
from catalog.sheets.reader import MOST_BYTES, sheet_read
from catalog.sheets.resource import ImportReport, movies_import
from kushfilms.core import storage
from kushfilms.core.context import RequestContext, current, opened
from kushfilms.core.errors import InvalidInput, KushError, TooLarge, WrongState
from kushfilms.core.jobs import Payload, Running, job_enqueue, job_kind
from kushfilms.core.models import JobLane

FAULTS_KEPT = 500
TITLES_KEPT = 200
KEPT_FOR = timedelta(days=7)


def import_begin(*, filename: str, data: bytes) -> MovieImport:
    """Store a sheet and enqueue its check: reading one may take long.

    Raises:
        TooLarge: too many bytes.
        InvalidInput: the file is empty.
        StorageError: storage is unavailable.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"At most {MOST_BYTES // 1024**2} MiB. Split the file.")
    if not data:
        raise InvalidInput("The file is empty.", fields={"file": ["The file is empty."]})
    name = PurePath(filename.replace("\\", "/")).name.replace("\0", "")[:200] or "films"
    context = current()
    row = MovieImport(filename=name, actor_id=context.actor_id, actor_role=context.actor_role)
    row.key = f"imports/{row.pk}"
    storage.put_bytes(row.key, data, content_type="application/octet-stream")
    with transaction.atomic():
        row.save(force_insert=True)
        audit_write("movieimport.create", row, new={"filename": name})
        job_enqueue("import_check", {"import": str(row.pk)}, key=f"{row.pk}:check")
        job_enqueue("import_forget", {"import": str(row.pk)}, not_before=timezone.now() + KEPT_FOR)
    return row


def import_apply(row: MovieImport) -> None:
    """Enqueue the import of a checked sheet, once even if pressed twice. Raises WrongState."""
    checked = MovieImport.objects.filter(pk=row.pk, state=ImportState.CHECKED)
    with transaction.atomic():
        if not checked.update(state=ImportState.APPLYING):
            raise WrongState("A sheet can be imported once, after a check without errors.")
        audit_write("movieimport.apply", row, new={"filename": row.filename})
        job_enqueue("import_apply", {"import": str(row.pk)}, key=f"{row.pk}:apply")


def _failed(payload: Payload) -> None:
    report = {
        "message": "Something went wrong on our side. Nothing was imported. Send the file again."
    }
    MovieImport.objects.filter(pk=payload["import"]).update(state=ImportState.FAILED, report=report)


@job_kind("import_check", lane=JobLane.LONG, given_up=_failed)
def check_import(job: Running) -> None:
    """Run the import and roll it back.

    The job's row stays locked, so that no other worker takes the job when its lease runs out during
    a long sheet.
    """
    row = MovieImport.objects.get(pk=job.payload["import"])
    waiting = MovieImport.objects.filter(pk=row.pk, state=ImportState.CHECKING)
    data = storage.get_bytes(row.key)
    with transaction.atomic():
        job.checkpoint()
        try:
            report = movies_import(sheet_read(data), dry_run=True)
        except (InvalidInput, TooLarge) as exc:
            waiting.update(state=ImportState.FAILED, report={"message": exc.message})
            return
        state = ImportState.FAULTY if report.faults else ImportState.CHECKED
        waiting.update(state=state, report=report_json(report))


@job_kind("import_apply", lane=JobLane.LONG, given_up=_failed)
def apply_import(job: Running) -> None:
    """Import the sheet in the sender's name.

    The job's row stays locked until then, so that no other worker takes the job when its lease runs
    out before the last row is written.
    """
    payload = job.payload
    data = storage.get_bytes(MovieImport.objects.get(pk=payload["import"]).key)
    with transaction.atomic():
        job.checkpoint()
        row = MovieImport.objects.select_for_update().get(pk=payload["import"])
        if row.state != ImportState.APPLYING:
            return
        try:
            with opened(RequestContext(actor_id=row.actor_id, actor_role=row.actor_role)):
                report = movies_import(sheet_read(data), dry_run=False)
        except KushError as exc:
            row.state = ImportState.FAILED
            row.report = {"message": exc.message}
        else:
            row.state = ImportState.FAULTY if report.faults else ImportState.APPLIED
            row.applied_at = None if report.faults else timezone.now()
            row.report = report_json(report)
        row.save(update_fields=["state", "applied_at", "report"])


@job_kind("import_forget")
def forget_import(job: Running) -> None:
    """Delete the file after a week; the result of the check stays."""
    row = MovieImport.objects.filter(pk=job.payload["import"]).first()
    if row is None or not row.key:
        return
    storage.delete(row.key)
    open_states = [ImportState.CHECKED, ImportState.CHECKING]
    MovieImport.objects.filter(pk=row.pk, state__in=open_states).update(state=ImportState.FAILED)
    MovieImport.objects.filter(pk=row.pk).update(key="")


def report_json(report: ImportReport) -> dict[str, Any]:
    faults = report.faults[:FAULTS_KEPT]
    return {
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "count": len(report.faults),
        "titles": [[film.row, film.is_new, film.title] for film in report.films[:TITLES_KEPT]],
        "faults": [[fault.row, fault.column, fault.message] for fault in faults],
    }
