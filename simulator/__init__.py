"""An embedded Telegram: Bot API server, chat page and a driver for tests.

``simulator.world.World`` is the state, ``simulator.server`` serves it, ``simulator.driver.Telegram``
is how tests use both.
"""
