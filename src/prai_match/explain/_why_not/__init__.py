"""Why a candidate isn't what is recommended."""
