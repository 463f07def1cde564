"""What the player tells others of itself: systemd, the journal, the status file, pictures of the screen."""
