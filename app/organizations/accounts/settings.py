"""How Flask-Security is set, and what it says: our addresses, our pages, our words, and nothing that we do not use."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from app.foundation.clock import now
from app.foundation.words import N_

FRESH = timedelta(minutes=15)  # safety.md U4: what changes the ways in asks again after this
SIGNED_IN_AT_MOST = timedelta(hours=14)
RESET_WITHIN = timedelta(hours=1)
SHORTEST_PASSWORD = 12
SHORTEST_ALONE = 15  # NIST SP 800-63B-4, section 3.1.1.2: a password without a second factor
CLOCK_OFF_BY_SECONDS = 30
RECOVERY_CODES = 10

_ADDRESSES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_METHODS": None,  # ours ends every session
    "RESET_URL": "/password/reset",
    "CHANGE_URL": "/me/password",
    "VERIFY_URL": "/me/confirm",
    "TWO_FACTOR_SETUP_URL": "/me/second-factor",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "TWO_FACTOR_RESCUE_URL": "/sign-in/help",
    "TWO_FACTOR_SELECT_URL": "/sign-in/choose",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/me/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery-code",
    "POST_LOGIN_VIEW": "/inbox",
    "POST_LOGOUT_VIEW": "/",
    "POST_RESET_VIEW": "/sign-in",
    "POST_CHANGE_VIEW": "/me",
    "POST_VERIFY_VIEW": "/me",
    "TWO_FACTOR_POST_SETUP_VIEW": "/me/second-factor",
    "STATIC_FOLDER": None,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
}

_PAGES = {
    "LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
    "RESET_PASSWORD_TEMPLATE": "accounts/reset_password.html",
    "CHANGE_PASSWORD_TEMPLATE": "accounts/change_password.html",
    "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "accounts/code.html",
    "MULTI_FACTOR_RECOVERY_TEMPLATE": "accounts/recovery_code.html",
    "MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "accounts/recovery_codes.html",
}

_RULES = {
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "REGISTERABLE": False,  # people come by invitation
    "TWO_FACTOR": True,
    "TWO_FACTOR_REQUIRED": False,  # by role: identity.py
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_IMPLEMENTATIONS": {"code": "flask_security.twofactor.CodeTfPlugin"},
    "TWO_FACTOR_ALWAYS_VALIDATE": True,
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": CLOCK_OFF_BY_SECONDS,
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    # OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Eight sign-ins at once must fit a small machine.
    "PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__memory_cost": 19 * 1024,
        "argon2__time_cost": 2,
        "argon2__parallelism": 1,
    },
    "PASSWORD_SINGLE_HASH": True,
    "PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
    "PASSWORD_CONFIRM_REQUIRED": False,
    "RETURN_GENERIC_RESPONSES": True,
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "RESET_PASSWORD_WITHIN": RESET_WITHIN,
    "FRESHNESS": FRESH,
    "FRESHNESS_GRACE_PERIOD": FRESH,
    "API_ENABLED_METHODS": ["session"],
    "JOIN_USER_ROLES": False,
    "DATETIME_FACTORY": now,
    # OutboxMail writes mails from its own templates, in the worker.
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "password_changed",
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "password_changed",
}

_WORDS = {
    "GENERIC_AUTHN_FAILED": N_(
        "This address and password do not belong together. Check both, or choose a new password."
    ),
    "UNAUTHENTICATED": N_("Sign in to see this page."),
    "REAUTHENTICATION_REQUIRED": N_(
        "Confirm that it is you. You signed in some time ago, and this changes how you sign in."
    ),
    "REAUTHENTICATION_SUCCESSFUL": N_("Thank you, it is you."),
    "PASSWORD_MISMATCH": N_("This is not your password."),
    "INVALID_PASSWORD": N_("This is not your password."),
    "PASSWORD_NOT_PROVIDED": N_("Enter your password."),
    "PASSWORD_IS_THE_SAME": N_("Choose a password that is not your present one."),
    "PASSWORD_CHANGE": N_("Your password is changed. All your other sessions have ended."),
    "PASSWORD_RESET_NO_LOGIN": N_("Your password is changed. Sign in with the new one."),
    "PASSWORD_RESET_EXPIRED": N_("This link was good for one hour. Ask for a new one here."),
    "INVALID_RESET_PASSWORD_TOKEN": N_("This link was used already, or is cut short. Ask for a new one here."),
    "TWO_FACTOR_INVALID_TOKEN": N_("This code does not fit. Enter the one that your app shows now; each works once."),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": N_("You are signed in."),
    "TWO_FACTOR_PERMISSION_DENIED": N_("Begin with your address and password."),
    "INVALID_RECOVERY_CODE": N_("This is none of your recovery codes, or it was used already."),
    "NO_RECOVERY_CODES_SETUP": N_("You have no recovery codes yet."),
    "INVALID_REDIRECT": N_("That page is not part of Onepact, so you were not sent there."),
    "ANONYMOUS_USER_REQUIRED": N_("You are signed in already."),
    "API_ERROR": N_("This could not be read. Open the page again."),
}


def settings(config: Mapping[str, object]) -> dict[str, object]:
    """Flask's and Flask-Security's configuration for accounts."""
    ours = {**_ADDRESSES, **_PAGES, **_RULES, **{f"MSG_{key}": (text, "warning") for key, text in _WORDS.items()}}
    ours |= {f"MSG_{key}": (_WORDS[key], "message") for key in _DONE}
    ours["TOTP_SECRETS"] = {"1": derived(config, "second factor")}
    ours["TOTP_ISSUER"] = "Onepact"
    found: dict[str, object] = {f"SECURITY_{name}": value for name, value in ours.items()}
    found["PERMANENT_SESSION_LIFETIME"] = SIGNED_IN_AT_MOST
    if str(config["PUBLIC_URL"]).startswith("https://"):
        found["SESSION_COOKIE_NAME"] = "__Host-onepact"
    return found


_DONE = ("REAUTHENTICATION_SUCCESSFUL", "PASSWORD_CHANGE", "PASSWORD_RESET_NO_LOGIN", "TWO_FACTOR_LOGIN_SUCCESSFUL")


def derived(config: Mapping[str, object], purpose: str) -> str:
    """A key of its own for one purpose, made from the installation's secret."""
    return hashlib.sha256(f"onepact {purpose}\0{config['SECRET_KEY']}".encode()).hexdigest()
