"""SQL, connections, transactions and migrations; rows become dataclasses here."""
