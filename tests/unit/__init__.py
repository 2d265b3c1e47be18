"""One folder per room of the gateway, read as its specification."""
