"""What is shown and what was shown, as values and bytes: the language every wing of the house shares.

Nothing in here reads a clock, opens a socket or draws; only :mod:`playlists.cli` touches files.
"""
