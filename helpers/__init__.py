"""Threat Talk: who said what, about which topics, toward whom, and framing whom as a threat."""
