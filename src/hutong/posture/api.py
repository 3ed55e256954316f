"""The door of the posture.

``scoring`` tells the risk of datasets, systems and the district; ``alerts`` looks at accesses and settles what stood
out; ``findings`` runs the rules over the set-up; ``seals`` seals the audit trail and exports it with its proof.
"""

from hutong.posture import alerts, findings, scoring, seals

__all__ = ["alerts", "findings", "scoring", "seals"]
