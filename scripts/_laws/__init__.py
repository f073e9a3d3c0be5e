"""The laws of the test suite, found by collecting it, and searched with their own seeds."""
