"""Job that carries out commands to the payment provider until the provider has answered."""

import time

from django.db import transaction
from django.utils import timezone

from billing.models import CommandKind, CommandState, DiscrepancyKind, ProviderCommand, Subscription
from billing.providers.base import ProviderRefused
from billing.services.notices import notify_once
from billing.sync.apply import object_store
from billing.sync.discrepancies import discrepancy_note
from billing.sync.mirror import mirror_lock
from billing.sync.provider_calls import command_send
from billing.sync.versions import Object
from billing.sync.write_rows import customer_project
from kushfilms.core.jobs import GiveUp, Payload, Running, job_enqueue, job_kind


def _failed(payload: Payload) -> None:
    command = ProviderCommand.objects.filter(
        pk=payload["order"], state=CommandState.WAITING
    ).first()
    if command is not None:
        rows = ProviderCommand.objects.filter(pk=command.pk)
        rows.update(state=CommandState.FAILED, finished_at=timezone.now())
        _report_refusal(command, "the payment service could not be reached for days")


@job_kind("billing_order", given_up=_failed)
def command_run(job: Running) -> None:
    """Call the provider and store its answer. The command's id makes a repeated call idempotent."""
    command = ProviderCommand.objects.filter(
        pk=job.payload["order"], state=CommandState.WAITING
    ).first()
    if command is None:
        return
    at = time.time()
    try:
        answers = command_send(command)
    except ProviderRefused as exc:
        ProviderCommand.objects.filter(pk=command.pk).update(last_error=exc.message[:500])
        command_close(command, state=CommandState.FAILED)
        _report_refusal(command, exc.message)
        raise GiveUp(exc.message) from exc
    command_finish(command, answers, at=at)


def _report_refusal(command: ProviderCommand, reason: str) -> None:
    """Notify the person of a refused change of plan, and staff of a refused refund or end.

    A bill that cannot be voided was paid or is already void, so it is fetched instead.
    """
    if command.kind == CommandKind.CHANGE_PLAN and command.user is not None:
        notify_once(command.user, "change_failed", about=f"order {command.pk}")
    elif command.kind == CommandKind.VOID:
        payload = {"provider": command.provider, "kind": "invoice", "id": command.object_id}
        job_enqueue("billing_fetch", payload, key=command.object_id)
    elif command.kind in {CommandKind.REFUND, CommandKind.END, CommandKind.SET_PLAN}:
        detail = f"{CommandKind(command.kind).label} was refused: {reason}"
        row = Subscription.objects.filter(user=command.user).only("provider_customer_id").first()
        discrepancy_note(
            command.provider,
            DiscrepancyKind.ORDER_REFUSED,
            command.object_id,
            detail,
            customer_id=row.provider_customer_id if row and command.user else "",
        )


def command_finish(command: ProviderCommand, answers: list[Object], *, at: float) -> None:
    """Store the answers, then close the command.

    In this order either the waiting command or the stored answer shows the change at every moment.
    """
    for data in answers:
        object_store(command.provider, data, at=at)
    command_close(command, state=CommandState.DONE)


def command_close(command: ProviderCommand, *, state: CommandState) -> None:
    row = Subscription.objects.filter(user=command.user).exclude(provider_customer_id="").first()
    with transaction.atomic():
        if row is not None and command.user is not None:
            mirror_lock(row.provider_customer_id)
        waiting = ProviderCommand.objects.filter(pk=command.pk, state=CommandState.WAITING)
        waiting.update(state=state, finished_at=timezone.now())
        if row is not None and command.user is not None:
            customer_project(row.provider_customer_id, provider=command.provider)
