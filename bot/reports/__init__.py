"""Documents, sheets, calendars, QR codes, charts."""
