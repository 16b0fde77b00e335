"""Grammar: where sentences, quotations, cues and contents begin and end."""
