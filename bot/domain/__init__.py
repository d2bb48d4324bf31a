"""What a rakor is: one module a subject. Knows no Telegram and no web."""
