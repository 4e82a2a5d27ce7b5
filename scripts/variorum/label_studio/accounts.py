"""Accounts on the server: one administrator and one ordinary user for each annotator, with passwords and tokens of our
own making, kept in `login.json`, which only its owner can read.
"""

import json
import re
import secrets
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from variorum.corpus import write_whole
from variorum.label_studio import environment
from variorum.label_studio.errors import StudioError

DOMAIN = "annotators.invalid"
ADMIN = "variorum-admin"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")

# Runs in the server's environment; the accounts come on standard input, so that no password is seen in a process list.
# The server has no command for ordinary users with a known token; its organisation is made with the first user.
_SCRIPT = """
import json, os, pathlib, sys
import label_studio
sys.path.insert(0, str(pathlib.Path(label_studio.__file__).parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label_studio.core.settings.label_studio")
import django
django.setup()
from django.core.management import call_command
call_command("migrate", "--no-color", verbosity=0)
from django.db import transaction
from organizations.models import Organization
from rest_framework.authtoken.models import Token
from users.models import User
with transaction.atomic():
    for account in json.load(sys.stdin):
        user = User.objects.filter(email=account["email"]).first() or User.objects.create_user(email=account["email"])
        if not user.check_password(account["password"]):
            user.set_password(account["password"])  # ends the user's sessions, hence only if need be
        user.first_name = account["name"]
        user.is_staff = user.is_superuser = account["admin"]
        user.save()
        organisation = Organization.objects.first() or Organization.create_organization(
            created_by=user, title="Variorum", legacy_api_tokens_enabled=True)
        if not organisation.has_user(user):
            organisation.add_user(user)
        user.active_organization = organisation
        user.save()
        Token.objects.filter(user=user).delete()
        Token.objects.create(user=user, key=account["token"])
"""


class Login(msgspec.Struct, frozen=True):
    """What one user logs in with: e-mail and password in the browser, the token (40 hex digits) for programs."""

    email: str
    password: str
    token: str


class Logins(msgspec.Struct, frozen=True):
    """Everybody's logins, annotators by pseudonym."""

    admin: Login
    annotators: dict[str, Login] = {}

    def pseudonyms(self) -> dict[str, str]:
        """The pseudonym of each annotator's e-mail address."""
        return {login.email: name for name, login in self.annotators.items()}


def login_file(folder: Path) -> Path:
    return folder / "login.json"


def read(folder: Path) -> Logins:
    """The logins of the server in `folder`; StudioError if there are none."""
    try:
        return msgspec.json.decode(login_file(folder).read_bytes(), type=Logins)
    except FileNotFoundError as error:
        raise StudioError(f"no server was ever started in {folder}: run `variorum studio start`") from error
    except (OSError, msgspec.DecodeError) as error:
        raise StudioError(f"{login_file(folder)} cannot be read ({error}); move {folder} away to begin anew") from error


def write(folder: Path, logins: Logins) -> None:
    """Write the logins for their owner's eyes only."""
    path = login_file(folder)
    write_whole(path, msgspec.json.format(msgspec.json.encode(logins), indent=2) + b"\n", mode=0o600)


def new_login(name: str) -> Login:
    """A login that nobody can guess; lower case since the server's login form lowers what is typed."""
    return Login(f"{name.lower()}@{DOMAIN}", secrets.token_urlsafe(12), secrets.token_hex(20))


def with_annotators(logins: Logins, names: Iterable[str]) -> Logins:
    """The logins and new ones for annotators who have none; StudioError for a name that cannot be an account's."""
    annotators = dict(logins.annotators)
    for name in names:
        if not _NAME.fullmatch(name):
            raise StudioError(f"{name!r} cannot be an account: use up to 40 letters, digits, and . - _")
        twin = next((other for other in annotators if other.lower() == name.lower() and other != name), None)
        if twin or name.lower() == ADMIN:
            raise StudioError(f"the account {name!r} would be the same as {twin or ADMIN!r}: the server ignores case")
        annotators.setdefault(name, new_login(name))
    return Logins(logins.admin, annotators)


def file(logins: Logins, data: Path, venv: Path, database: Mapping[str, str] | None = None) -> None:
    """Make the database (60 s the first time) and these accounts in it; accounts that exist get these logins again.

    `database` has the variables of a database other than SQLite.
    """
    accounts = [_account(ADMIN, logins.admin, True), *(_account(n, lg, False) for n, lg in logins.annotators.items())]
    done = subprocess.run(
        [str(venv / "bin" / "python"), "-c", _SCRIPT],
        input=json.dumps(accounts),
        env=environment.variables(data, venv, database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        tail = "\n".join((done.stderr or done.stdout).rstrip().splitlines()[-15:])
        raise StudioError(f"the server's accounts could not be made:\n{tail}")


def _account(name: str, login: Login, admin: bool) -> dict[str, object]:
    return {"name": name, "admin": admin, **msgspec.to_builtins(login)}
