"""Places, live locations and contacts."""

from __future__ import annotations

from simulator.errors import bad_request, required
from simulator.methods.call import Call
from simulator.methods.edits import own_message, replace_content
from simulator.methods.sending import deliver
from simulator.model import Message, live_until, standing
from simulator.wire import JsonDict
from simulator.world import World

LIVE_SECONDS = range(60, 86_401)
FOR_EVER = 0x7FFFFFFF
"""How long a location may be live: Bot API, sendLocation."""
HEADINGS = range(1, 361)
ALERT_RADIUS = 100_000
"""Degrees and metres: Bot API, Location."""


def send_location(world: World, call: Call) -> JsonDict:
    period = call.integer("live_period")
    location = _location(call, "live location" if period else "location")
    if period:
        if period not in LIVE_SECONDS and period != FOR_EVER:
            raise bad_request("wrong live location period specified")
        location.update({"live_period": period, **_movement(call)})
    return deliver(world, call, {"location": location})


def _location(call: Call, named: str = "location") -> JsonDict:
    for name in ("latitude", "longitude"):
        if not call.text(name).strip():
            raise bad_request(f"{name} is empty")
    latitude, longitude = call.number("latitude"), call.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request(f"invalid {named} specified")
    location: JsonDict = {"latitude": latitude, "longitude": longitude}
    if call.has("horizontal_accuracy"):
        location["horizontal_accuracy"] = call.number("horizontal_accuracy")
    return location


def _movement(call: Call) -> JsonDict:
    """Where somebody is heading and how near others may come; 0 stands for neither."""
    heading, radius = call.integer("heading"), call.integer("proximity_alert_radius")
    if heading and heading not in HEADINGS:
        raise bad_request("wrong live location heading specified")
    if not 0 <= radius <= ALERT_RADIUS:
        raise bad_request("wrong live location proximity alert radius specified")
    moved: JsonDict = {"heading": heading, "proximity_alert_radius": radius}
    return {name: value for name, value in moved.items() if value}


def edit_message_live_location(world: World, call: Call) -> JsonDict:
    """Move a live location; a new ``live_period`` counts from when the message was sent."""
    message = own_message(world, call)
    old = _live(world, message)
    location = _location(call)
    period = call.integer("live_period") or old["live_period"]
    location.update({"live_period": period, **_movement(call)})
    return replace_content(world, message, call, ("location",), {"location": location})


def stop_message_live_location(world: World, call: Call) -> JsonDict:
    message = own_message(world, call)
    old = _live(world, message)
    return replace_content(world, message, call, ("location",), {"location": standing(old)})


def _live(world: World, message: Message) -> JsonDict:
    """The location of a message while it is live; one that has ended cannot be edited any more.

    Source: tdlib/td, MessagesManager.cpp, can_edit_message and edit_message_live_location.
    """
    location: JsonDict | None = message.data.get("location")
    if location is None:
        raise bad_request("there is no live location in the message to edit")
    if world.timestamp() >= live_until(message):
        raise bad_request("message can't be edited")
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
    "editMessageLiveLocation": edit_message_live_location,
    "stopMessageLiveLocation": stop_message_live_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
}
