"""What is shown and what was shown, as values and bytes: the language every wing of the house shares.

Nothing in here reads a clock, opens a socket or draws; only the commands, :mod:`playlists.cli` and its neighbours
``cli_*``, touch files.
"""
