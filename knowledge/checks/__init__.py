"""Checks of content: what is wrong, suspicious or missing in what citizens are told."""

from knowledge.checks.finding import Check, Finding, Severity
from knowledge.checks.running import CHECKS, check_catalogue

__all__ = ["CHECKS", "Check", "Finding", "Severity", "check_catalogue"]
