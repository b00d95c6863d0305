"""How the review goes, drawn."""
