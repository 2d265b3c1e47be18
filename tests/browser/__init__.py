"""Pages opened in a headless Chromium; run by `make test-browser`."""
