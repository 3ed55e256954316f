"""Security posture: grade, exposure, access anomalies, findings and the risk of every dataset and system.

Watches how data is used; never decides who may use it.
"""
