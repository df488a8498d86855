"""One log for structlog and the standard library: JSON or console lines, redacted last."""

import logging.config
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from portal.core import clock
from portal.core.redact import redact

LONGEST_FIELD = 8 * 1024  # characters; part of a field may be anybody's, such as the path of a 404
LONGEST_TRACEBACK = 64 * 1024  # its last lines say what happened


def configure(*, as_json: bool, level: str = "INFO") -> None:
    """Set up logging of the process. Every line of every library passes the redaction."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    logging.config.dictConfig(_standard_library(as_json=as_json, level=level))


def _common() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        stamp,
    ]


def _standard_library(*, as_json: bool, level: str) -> dict[str, Any]:
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _common(),
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            redact_event,
            _renderer(as_json=as_json),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
    }


def _renderer(*, as_json: bool) -> Processor:
    if as_json:
        return structlog.processors.JSONRenderer()
    # Tracebacks are redacted text by now; a pretty one would print local variables, secrets too.
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def stamp(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Add the time of the project's clock."""
    event["timestamp"] = clock.now().isoformat(timespec="milliseconds")
    return event


def redact_event(_: WrappedLogger, __: str, event: EventDict) -> MutableMapping[str, Any]:
    """Hide every secret of a log event, and cut what is too long: the last step before it is
    rendered."""
    traceback = event.pop("exception", None)
    redacted: MutableMapping[str, Any] = redact(event, most=LONGEST_FIELD)
    if traceback is not None:
        redacted["exception"] = redact(traceback, most=LONGEST_TRACEBACK)
    return redacted
