"""The proof-of-play log: a port, its writer over SQLite, its doubles, and the commands that read it.

Writing needs :mod:`.writer` and :mod:`.ledger`; nothing here is imported for it, the start-up budget is tight.
"""
