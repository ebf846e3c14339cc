"""Backup of a whole deployment into a folder, and restore from it, from and into both stores."""
