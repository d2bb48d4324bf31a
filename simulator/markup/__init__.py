"""Text, entities and keyboards by Telegram's rules."""
