"""The hub: signs and publishes at the centre, and serves screens and people."""
