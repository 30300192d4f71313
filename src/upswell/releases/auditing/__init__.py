"""Whether a group of signals, or a cleaning rule, helps or hurts on the user's own data."""

from upswell.releases.auditing.audited import AUDIT_NAMES, AuditedReleases, save_audit
from upswell.releases.auditing.run import audit

__all__ = ["AUDIT_NAMES", "AuditedReleases", "audit", "save_audit"]
