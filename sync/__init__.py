"""Both ends of the wire between kiosk and centre; the player never imports it."""
