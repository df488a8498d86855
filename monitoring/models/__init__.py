from monitoring.models.case import CaseEvent, ExceptionCase

__all__ = ["CaseEvent", "ExceptionCase"]
