"""Places and contacts."""

from __future__ import annotations

from simulator.errors import bad_request, required
from simulator.methods.call import Call
from simulator.methods.sending import deliver
from simulator.wire import JsonDict
from simulator.world import World


def send_location(world: World, call: Call) -> JsonDict:
    return deliver(world, call, {"location": _location(call)})


def _location(call: Call) -> JsonDict:
    latitude, longitude = call.number("latitude"), call.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    location: JsonDict = {"latitude": latitude, "longitude": longitude}
    if call.has("horizontal_accuracy"):
        location["horizontal_accuracy"] = call.number("horizontal_accuracy")
    return location


def send_venue(world: World, call: Call) -> JsonDict:
    location = _location(call)
    for name in ("title", "address"):
        if not call.text(name):
            raise required(name)
    venue = {"location": location, "title": call.text("title"), "address": call.text("address")}
    return deliver(world, call, {"location": location, "venue": venue})


def send_contact(world: World, call: Call) -> JsonDict:
    for name in ("phone_number", "first_name"):
        if not call.text(name):
            raise required(name)
    contact = {"phone_number": call.text("phone_number"), "first_name": call.text("first_name")}
    for name in ("last_name", "vcard"):
        if call.text(name):
            contact[name] = call.text(name)
    return deliver(world, call, {"contact": contact})


METHODS = {
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
}
