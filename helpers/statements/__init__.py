"""Statements: from articles to who said what."""

from helpers.statements.extract import extract_statements, locate
from helpers.statements.parts import statement_parts
from helpers.statements.people.identity import apply_identities, propose_identities
from helpers.statements.people.resolve import resolve_speakers
from helpers.statements.speeches import speech_statements
