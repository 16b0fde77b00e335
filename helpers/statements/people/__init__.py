"""People: who is named, who is meant, and who an actor is."""
