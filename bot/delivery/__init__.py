"""Updates in (inbox, order) and messages out (outbox, pace)."""
