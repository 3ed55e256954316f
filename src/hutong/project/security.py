"""Headers, sessions, passwords and sign-in: Django's and its packages' switches, on unless there is a reason."""

from csp.constants import NONE, SELF

from hutong.accounts import lockout
from hutong.accounts.settings import LONGEST
from hutong.kernel import settings as declared

_HTTPS = bool(declared.value("HUTONG_HTTPS"))

AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "/account/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "hutong.accounts.backend.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 12}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("login", "name_zh", "name_en")}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

SESSION_ENGINE = "hutong.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-hutong" if _HTTPS else "hutong"
SESSION_COOKIE_AGE = int(declared.value(LONGEST.name)) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_NAME = "__Host-hutong-csrf" if _HTTPS else "hutong-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hutong.ui.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

AXES_FAILURE_LIMIT = lockout.FAILURES
AXES_COOLOFF_TIME = lockout.PAUSE
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "hutong.accounts.backend.login_tried"
AXES_CLIENT_IP_CALLABLE = "hutong.accounts.address.client_address"
AXES_LOCKOUT_CALLABLE = "hutong.accounts.pages.signing.locked_out"
