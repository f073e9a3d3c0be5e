"""The laws of the suite, found by collecting it, and searched with seeds of their own."""
