"""Run in the judge's environment: reads a JSON list of files, writes what is wrong with each, as lists of texts."""

import json
import sys

import edi_parser


def judged(text):
    found = edi_parser.validate_edi(text, "x12", "x12", validation_mode="strict")
    return [] if found["valid"] else [json.dumps(error) for error in found["errors"]]


json.dump([judged(text) for text in json.load(sys.stdin)], sys.stdout)
