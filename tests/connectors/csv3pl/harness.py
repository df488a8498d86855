"""The same room under the conformance suite, with a warehouse's types."""

from tests.connectors.files import harness


class Harness(harness.Harness):
    slug = "csv3pl"
