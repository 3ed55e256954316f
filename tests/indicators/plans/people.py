"""People of the test district."""

from django.test import Client

from hutong.accounts import people
from hutong.kernel.text import Text


def somebody(role: str, organisation: str = "science") -> Client:
    """A client in which somebody of the role is signed in; public is nobody."""
    client = Client(headers={"accept": "text/html"})
    if role != "public":
        login = f"{role}-{organisation}".replace("_", "-")
        people.add(login, Text("张三", "Zhang San"), role, organisation, "correct horse battery 蓄电池")
        client.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
    return client
