"""How the bot gets its updates: webhook settings (getUpdates itself waits in the server)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from simulator.errors import bad_request
from simulator.methods.call import Call
from simulator.wire import JsonDict
from simulator.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PORTS = frozenset((443, 80, 88, 8443))
_LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))


def set_webhook(world: World, call: Call) -> bool:
    """Loopback addresses may be plain http on any port, which Telegram itself does not allow."""
    url = call.text("url")
    if not url:
        return delete_webhook(world, call)
    parts = urlsplit(url)
    if parts.hostname not in _LOOPBACK:
        if parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in _PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = call.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    world.updates.allow(call.lenient("allowed_updates"))
    if call.flag("drop_pending_updates"):
        world.updates.drop_all()
    world.updates.interrupt("terminated by setWebhook request")
    world.webhook.set(url, secret, max(1, min(100, call.integer("max_connections", 40))))
    return True


def delete_webhook(world: World, call: Call) -> bool:
    if call.flag("drop_pending_updates"):
        world.updates.drop_all()
    world.webhook.clear()
    return True


def get_webhook_info(world: World, call: Call) -> JsonDict:
    return world.webhook.info()


METHODS = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
