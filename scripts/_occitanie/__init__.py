"""What is of Occitanie 2026-2027 in its bundled region."""
