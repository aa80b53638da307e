"""Provider calls that carry out a command."""

from billing.models import CommandKind, Plan, ProviderCommand
from billing.providers import provider_named
from billing.providers.base import Provider
from billing.sync.projection.states import id_of
from billing.sync.versions import Object


def command_send(command: ProviderCommand) -> list[Object]:
    """Call the provider; return the objects in its answer.

    Raises:
        Unavailable: the provider does not answer.
        ProviderRefused: the provider refuses the command.
    """
    source = provider_named(command.provider)
    key = str(command.pk)
    if command.kind == CommandKind.REFUND:
        return source.refund(command.object_id, amount_minor=command.amount_minor, key=key)
    if command.kind == CommandKind.FORGET:
        source.customer_forget(command.object_id, key=key)
        return []
    changed = _changed(source, command)
    if changed.get("pending_update"):
        # The change waits for its bill; the person needs the URL of the bill's page.
        bill = id_of(changed.get("latest_invoice"))
        return [source.fetch("invoice", bill), changed] if bill else [changed]
    return [changed]


def _changed(source: Provider, command: ProviderCommand) -> Object:
    """Return the subscription or bill after the call."""
    key = str(command.pk)
    object_id = command.object_id
    plan = Plan(command.plan or Plan.FREE)
    if command.kind == CommandKind.CHANGE_PLAN:
        at = command.priced_at or command.created_at
        return source.plan_raise(object_id, plan=plan, priced_at=at, key=key)
    if command.kind == CommandKind.LOWER_LATER:
        return source.plan_lower_later(object_id, plan=plan, key=key)
    if command.kind == CommandKind.SET_PLAN:
        return source.plan_set(object_id, plan=plan, key=key)
    simple_calls = {
        CommandKind.CANCEL: source.cancel,
        CommandKind.REACTIVATE: source.reactivate,
        CommandKind.END: source.end,
        CommandKind.VOID: source.void,
    }
    return simple_calls[CommandKind(command.kind)](object_id, key=key)
