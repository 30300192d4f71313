"""Whether a group of signals, or a cleaning rule, helps or hurts on the user's own data."""

from upswell.releases.auditing.audited import AuditedReleases
from upswell.releases.auditing.keeping import AUDIT_NAMES, read_audit, save_audit
from upswell.releases.auditing.run import audit

__all__ = ["AUDIT_NAMES", "AuditedReleases", "audit", "read_audit", "save_audit"]
