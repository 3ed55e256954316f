"""Who may do what: organisations, people, their roles, sign-in, sessions and the one permission table.

It owns the sentence «this person may do that, because …» and keeps the trail of refusals and changes.
It never knows what a dataset, a plan or a figure is: capabilities name an action and say whose thing it is
and how sensitive. It never stores a demo password and never asks another capability for leave.
"""
