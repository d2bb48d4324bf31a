"""getFile; the content itself comes from the server's file address."""

from __future__ import annotations

from simulator.errors import bad_request
from simulator.files import DOWNLOAD_LIMIT
from simulator.methods.call import Call
from simulator.wire import JsonDict
from simulator.world import World


def get_file(world: World, call: Call) -> JsonDict:
    file_id = call.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = world.files.by_id(file_id)
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": stored.unique_id + ("s" if file_id.endswith("-s") else ""),
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


METHODS = {"getFile": get_file}
