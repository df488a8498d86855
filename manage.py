#!/usr/bin/env python
"""Django's command line. Commands that change tables connect as their owner (see portal.env)."""

import os
import sys

from portal import env


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    env.choose_database_role(sys.argv)
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except env.UnfitSettingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
