"""Resources, pure: what of a system's tables is shown, how it is asked for, and how that is described."""
