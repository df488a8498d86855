"""What connectors share whose partners put X12 or EDIFACT into files: folders, envelopes, answers."""
