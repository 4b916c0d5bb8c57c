"""A small application that shows every macro and every kind of field, without the parts of the product."""

from datetime import date
from pathlib import Path
from uuid import UUID

from flask import Flask, render_template, request
from flask_wtf import FlaskForm
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import InputRequired

from app.rules.actors import Actor
from app.web import look, words
from app.web.actor import set_actor
from app.web.dates import DayField
from app.web.requests import HEADERS

ROSA = Actor(1, UUID(int=1), "Rosa Lindqvist", "rosa@example.org", frozenset(), "password")
CHOICES = [SelectChoice("municipality", "Municipality"), SelectChoice("block", "Block center")]
MANY = [SelectChoice(f"c{number}", f"Country {number}") for number in range(20)]


class SpecimenForm(FlaskForm):
    """One field of each kind."""

    title = StringField("Title", [InputRequired("Give the use a title.")], description="Up to 80 characters.")
    email = EmailField("E-mail")
    site = URLField("Web page")
    password = PasswordField("Password")
    needed_on = DayField("Date the decision is needed", [InputRequired("Enter the date the decision is needed.")])
    people = IntegerField("Number of people")
    why = TextAreaField("Why is open data not enough?", [InputRequired("Say what the open data lacks.")])
    unit = RadioField("Finest unit you need", [InputRequired("Choose a unit.")], choices=CHOICES)
    countries = SelectMultipleField("Countries", [InputRequired("Choose at least one country.")], choices=MANY)
    theme = SelectField("Theme", choices=CHOICES, default="block")
    authority = BooleanField("I have authority.")
    scan = FileField("Scan")
    step = HiddenField("Step")


def build() -> Flask:
    """The application: `/` shows the specimen, `/?checked=1` with its errors."""
    app = Flask("app", template_folder="../templates", static_folder="static")
    app.config.update(
        SECRET_KEY="specimen", WTF_CSRF_ENABLED=False, CONSORTIUM_NAME="Meridian Data Consortium", IS_DEMO=True
    )
    words.init_words(app)
    look.register(app)
    own = FileSystemLoader(Path(__file__).parent / "templates")
    app.jinja_loader = ChoiceLoader([own, *([app.jinja_loader] if app.jinja_loader else [])])

    for endpoint in ("accounts.sign_out", "security.login"):
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "")

    @app.context_processor
    def context() -> dict[str, object]:
        return {"inbox_count": lambda: 2}

    @app.before_request
    def signed_in() -> None:
        set_actor(ROSA)

    @app.after_request
    def strict(response):  # type: ignore[no-untyped-def]  # noqa: ANN202, ANN001
        response.headers.extend(HEADERS)
        return response

    @app.get("/")
    def specimen() -> str:
        form = SpecimenForm(formdata=None)
        if request.args.get("checked"):
            form.validate()
        return render_template("specimen.html", form=form, today=date(2026, 11, 24))

    return app
