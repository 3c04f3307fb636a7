"""Where a dossier stands: sources, what its code alone may show, what the proof opens."""
