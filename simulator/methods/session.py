"""The bot's session at this server, and what it asks for when it is made an administrator."""

from __future__ import annotations

from simulator.errors import bad_request, too_many_requests
from simulator.members import OTHER_RIGHTS
from simulator.methods.call import Call
from simulator.model import ADMIN_RIGHTS
from simulator.wire import JsonDict
from simulator.world import World

AWAY_SECONDS = 600
"""Bot API: after logOut no login here for 10 minutes, and close fails in the first 10 minutes after the launch."""


def log_out(world: World, call: Call) -> bool:
    world.logged_out_until = world.timestamp() + AWAY_SECONDS
    return True


def close(world: World, call: Call) -> bool:
    """Nothing is left to be closed afterwards: there is only this one server."""
    wait = world.launched_at + AWAY_SECONDS - world.timestamp()
    if wait > 0:
        raise too_many_requests(wait)
    return True


def check_logged_in(world: World) -> None:
    """Refuse calls of a bot that has logged out."""
    if world.timestamp() < world.logged_out_until:
        raise bad_request("Logged out")


def set_my_default_administrator_rights(world: World, call: Call) -> bool:
    rights = call.object("rights") or {}
    wanted = {name for name, value in rights.items() if value is True}
    world.default_rights[call.flag("for_channels")] = wanted
    return True


def get_my_default_administrator_rights(world: World, call: Call) -> JsonDict:
    for_channels = call.flag("for_channels")
    rights = world.default_rights.get(for_channels, set())
    names = [*ADMIN_RIGHTS, *OTHER_RIGHTS, "is_anonymous"]
    if for_channels:
        names += ["can_post_messages", "can_edit_messages"]
    return {name: name in rights for name in names}


def get_user_profile_photos(world: World, call: Call) -> JsonDict:
    """Nobody here has a picture."""
    user_id = call.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if user_id != world.bot_id and user_id not in world.people:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


METHODS = {
    "logOut": log_out,
    "close": close,
    "setMyDefaultAdministratorRights": set_my_default_administrator_rights,
    "getMyDefaultAdministratorRights": get_my_default_administrator_rights,
    "getUserProfilePhotos": get_user_profile_photos,
}
