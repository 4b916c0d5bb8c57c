"""One person at a browser of their own: opening pages, pressing buttons, reading the mail."""

import base64
import hmac
import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from typing import TypeVar

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.mail import MailServer

T = TypeVar("T")
PATIENCE = 90.0  # seconds for a mail that the worker has to write and send, on a busy machine


@dataclass
class Somebody:
    """A person with an address, a password and, once it is set up, the key of an authenticator app."""

    name: str
    email: str
    site: str
    context: BrowserContext
    mails: MailServer
    password: str = "five words that nobody guesses"
    key: str = ""

    def __post_init__(self) -> None:
        self.page: Page = self.context.new_page()

    def open(self, path: str) -> None:
        """Open a page of the site, given as a path or a whole address."""
        self.page.goto(path if path.startswith("http") else self.site + path)

    def press(self, button: str) -> None:
        """Press a button or follow a link of exactly this name."""
        pressed = self.page.get_by_role("button", name=button, exact=True)
        linked = self.page.get_by_role("link", name=button, exact=True)
        (pressed if pressed.count() else linked).first.click()
        self.page.wait_for_load_state()

    def fill(self, name: str, text: str) -> None:
        """Write into the field of a form, by the name that the form sends."""
        self.page.locator(f'[name="{name}"]').first.fill(text)

    def choose(self, name: str, value: str) -> None:
        """Choose an option of a select, a radio or a checkbox."""
        field = self.page.locator(f'[name="{name}"]').first
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            self.page.locator(f'[name="{name}"][value="{value}"]').check()

    def fill_day(self, name: str, day: date) -> None:
        """Write a day into its three boxes."""
        for box, text in zip(self.page.locator(f'[name="{name}"]').all(), (day.day, day.month, day.year), strict=True):
            box.fill(str(text))

    def unfold(self) -> None:
        """Open everything on the page that is folded away."""
        self.page.evaluate("document.querySelectorAll('main details').forEach(details => details.open = true)")

    def tick_all(self, name: str) -> None:
        """Tick every box of a group."""
        for box in self.page.locator(f'[name="{name}"]').all():
            box.check()

    def sees(self, text: str) -> None:
        """The page says this somewhere."""
        expect(self.page.locator("body")).to_contain_text(text)

    def waits_for(self, text: str, patience: float = PATIENCE) -> None:
        """The page says this after being opened again for a while: something was still being made."""
        ends = time.monotonic() + patience
        while text not in self.page.locator("body").inner_text() and time.monotonic() < ends:
            time.sleep(0.5)
            self.page.reload()
        self.sees(text)

    def mail(self, about: str) -> EmailMessage:
        """The newest mail to this person whose subject says `about`."""
        return eventually(
            lambda: next((m for m in reversed(self.mails.to(self.email)) if about in str(m["Subject"])), None), about
        )

    def follow_mail(self, about: str) -> None:
        """Open the one link of a mail."""
        self.open(link_in(self.mail(about)))

    def accept_invitation(self) -> None:
        """Open the invitation's link, set a password, and a second step where the role asks for one."""
        self.follow_mail("Join")
        self.fill("name", self.name)
        self.fill("password", self.password)
        self.press("Accept the invitation")
        self.set_up_second_step()

    def set_up_second_step(self) -> None:
        """Scan the key and type the code, if the site asks for it."""
        if "second-factor" not in self.page.url:
            return
        shown = self.page.locator("code, .op-copy input, [data-copy]").first
        self.key = re.sub(r"[^A-Z2-7]", "", (shown.get_attribute("value") or shown.inner_text()).upper())
        self.fill("code", totp(self.key))
        self.press("Turn it on")

    def sign_in(self) -> None:
        """With password and code."""
        self.open("/sign-in")
        self.fill("email", self.email)
        self.fill("password", self.password)
        self.press("Sign in")
        if self.key:
            self.fill("code", totp(self.key))
            self.press("Continue")


def eventually(look: Callable[[], T | None], what: str) -> T:
    """What `look` finds in the end; fails saying `what` was looked for."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found = look()
        if found is not None:
            return found
        time.sleep(0.2)
    raise AssertionError(f"nothing came: {what}")


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage) -> str:
    """The first address in a mail's text: the one of its button."""
    found = re.search(r"https?://\S+", text_of(mail))
    assert found, text_of(mail)
    return found.group()


def totp(key: str) -> str:
    """The code that an authenticator app shows now (RFC 6238, SHA-1, 30 seconds, six digits)."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    digest = hmac.digest(secret, struct.pack(">Q", int(time.time()) // 30), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"
