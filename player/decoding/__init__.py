"""Decoding in prison: libVLC and every other reader of untrusted media runs in processes of its own.

A *warden* process forks *prisoners* on request: decoders (libVLC) and examiners (digest, probe, still pictures). The
player's own process only ever maps the pictures they paint into shared memory.
"""
