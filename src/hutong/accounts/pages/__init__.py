"""The pages of accounts: signing in, one's own account, people, organisations, permissions, audit trail."""

from django.urls import include, path

from hutong.accounts.pages import audit, organisations, own, people, signing

_pages = [
    path("account/login", signing.sign_in, name="sign-in"),
    path("account/demo", signing.demo, name="demo"),
    path("account/logout", signing.sign_out, name="sign-out"),
    path("account", own.account, name="account"),
    path("account/password", own.password, name="password"),
    path("account/sessions", own.sessions, name="sessions"),
    path("account/sessions/end", own.end_session, name="end-session"),
    path("people", people.listing, name="people"),
    path("people/new", people.new, name="new-person"),
    path("people/<str:login>", people.person, name="person"),
    path("people/<str:login>/<slug:verb>", people.change, name="change-person"),
    path("organisations", organisations.listing, name="organisations"),
    path("organisations/<slug:name>", organisations.one, name="organisation"),
    path("permissions", organisations.permissions, name="permissions"),
    path("audit", audit.trail, name="audit"),
    path("audit.csv", audit.as_csv, name="audit-csv"),
    path("audit.ndjson", audit.as_ndjson, name="audit-ndjson"),
]
urlpatterns = [path("", include((_pages, "accounts")))]
