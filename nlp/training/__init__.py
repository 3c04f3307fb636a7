"""Makes the two artefacts `nlp/data/sense.npz` and `nlp/data/ranker.json` from our own questions.

Not imported by the assistant. `make train` runs it over the catalogue that is in the database.
"""
