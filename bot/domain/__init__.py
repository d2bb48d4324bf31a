"""What a rakor is: a folder a subject. Knows no Telegram and no web."""
