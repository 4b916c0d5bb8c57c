"""Forms of the catalog. They read whatever was typed; what is required is asked for only when a listing is sent."""

from app.catalog.forms.deciding import ReasonForm, TogetherForm
from app.catalog.forms.pages import AccessForm, WhatForm, WhereForm, page_form
from app.catalog.forms.sample import SampleForm, StartForm
from app.catalog.forms.shared import SharedForm, shared_form
from app.catalog.forms.talking import AnswerForm, HidingForm, QuestionForm, ReleaseForm
from app.catalog.forms.terms import TermsForm, terms_form

__all__ = [
    "AccessForm",
    "AnswerForm",
    "HidingForm",
    "QuestionForm",
    "ReasonForm",
    "ReleaseForm",
    "SampleForm",
    "SharedForm",
    "StartForm",
    "TermsForm",
    "TogetherForm",
    "WhatForm",
    "WhereForm",
    "page_form",
    "shared_form",
    "terms_form",
]
