"""A partner's configuration as one YAML file: read, checked as a whole, applied, written back.

`docs/configuration.md` describes the format; files are checked with `schema.json` in this folder.
"""

from integrations.configfile.apply import apply
from integrations.configfile.export import export
from integrations.yaml_source import Fault, RefusedError

__all__ = ["Fault", "RefusedError", "apply", "export"]
