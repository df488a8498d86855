"""An export as a file: a tar of gzipped JSON lines, documents and a manifest. No Django."""
