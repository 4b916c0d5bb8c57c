"""A small schedule of terms for tests, and short ways to make layers of it."""

from collections.abc import Mapping
from datetime import date

from app.rules.terms import AddendumKind, AgreementTerms, Layer, Level, read_layer, read_schedule

DEV = {"dev": "Any", "dev.disaster": "Disasters", "dev.disaster.flood": "Floods", "dev.transport": "Transport"}
ACTS = ["analyze", "publish_aggregate", "model", "model.generative"]
REPORT_180 = {"id": "report", "kind": "report", "every": 180, "recipients": ["secretariat"], "evidence": ["report"]}
REPORT_90 = {"id": "report", "kind": "report", "every": 90, "recipients": ["partner"], "evidence": ["report"]}
AI_LEVELS = [[word, word] for word in ("none", "inference", "train_delete", "train_retain", "train_release")]
AUDIT_LEVELS = [[word, word] for word in ("self", "evidence", "independent", "onsite")]


def parameter(name: str, kind: str, operator: str, mode: str = "mandatory", **more: object) -> dict[str, object]:
    """One parameter as the schedule writes it."""
    where = {"clause": more.pop("clause", "term"), "point": "19.1"}
    return {"name": name, "type": kind, "operator": operator, "mode": mode, "label": name, **where, **more}


def schedule(**values: object) -> dict[str, object]:
    """A schedule with one parameter for each operator and more; `values` replace the agreement's own."""
    parameters = [
        parameter("purposes", "codes", "INTERSECT", vocabulary="purpose", value=["dev"]),
        parameter("storage", "codes", "INTERSECT", vocabulary="country"),
        parameter("access_modes", "codes", "INTERSECT", vocabulary="mode", value=["enclave", "transfer"]),
        parameter(
            "link_with",
            "codes",
            "INTERSECT",
            "default",
            vocabulary="link",
            value=["own"],
            ceiling=["own", "open"],
            empty=True,
        ),
        parameter("actions", "codes", "INTERSECT", vocabulary="act", value=["analyze", "model", "publish_aggregate"]),
        parameter(
            "prohibited", "codes", "UNION", vocabulary="act", value=["model.generative"], subtracts_from=["actions"]
        ),
        parameter(
            "ai_use",
            "level",
            "ORD_MIN",
            "default",
            levels=AI_LEVELS,
            value="inference",
            ceiling="train_delete",
            clause="prohibited",
        ),
        parameter("deletion_days", "number", "MIN", unit="calendar_day", value=30),
        parameter("k_min", "number", "MAX", unit="unit_count", value=5, clause="derived-ip"),
        parameter("review_wd", "number", "CLAMP_MAX", "default", unit="working_day", value=10, ceiling=30),
        parameter("sensitivity", "level", "ORD_MAX", levels=[[n, n] for n in "1234"]),
        parameter("audit_mode", "level", "ORD_MAX", "default", levels=AUDIT_LEVELS, value="evidence", ceiling="self")
        | {"cap": {"kind": "immunities_archives", "least": "independent"}},
        parameter("certificate", "yesno", "OR_STRICT", value=True),
        parameter("derived_keep", "yesno", "AND_STRICT", "default", value=True),
        parameter("incident_hours", "number", "MIN", unit="hour", value=72)
        | {"when": [{"parameter": "sensitivity", "at_least": "3", "value": 24}]},
        parameter("max_term", "number", "MIN", unit="month", value=24),
        parameter("start", "date", "DATE_MAX"),
        parameter("end", "date", "DATE_MIN", within={"start": "start", "months": "max_term"}),
        parameter("duties", "duties", "DUTY_MERGE", value=[REPORT_180]),
        parameter("roles", "choice", "EQUAL", levels=[["independent", "i"], ["joint", "j"]]),
        parameter("credit", "lines", "CONCAT", clause="attribution")
        | {"anonymous": {"when": "unnamed", "id": "consortium", "text": "Lent through the consortium."}},
        parameter("unnamed", "yesno", "OR_STRICT", clause="attribution"),
        parameter("governing_law", "text", "LOCKED", "locked", value="none"),
    ]
    for item in parameters:
        if item["name"] in values:
            item["value"] = values[str(item["name"])]
    return {
        "joint_clauses": ["derived-ip", "prohibited", "attribution"],
        "vocabulary": {
            "purpose": {"tree": True, "codes": DEV},
            "act": {"tree": True, "codes": {code: code for code in ACTS}},
            "mode": {"codes": {"enclave": "Enclave", "transfer": "Transfer"}},
            "link": {"codes": {"own": "Own", "open": "Open"}},
            "country": {"members": "BE DE KE US", "regions": {"EU": "BE DE"}},
        },
        "parameter": parameters,
    }


def agreement(version: str = "1", **values: object) -> AgreementTerms:
    """The small agreement."""
    return read_schedule(schedule(**values), f"agreement@{version}", version, "f" * 64)


AGREEMENT = agreement()
DOCUMENTS = {Level.ADDENDUM: "addendum:1", Level.DATASET: "listing:A@1", Level.GRANT: "grant:1"}


def layer(
    level: Level,
    raw: Mapping[str, object],
    document: str = "",
    kind: AddendumKind | None = None,
    caps: Mapping[str, object] | None = None,
    of: AgreementTerms = AGREEMENT,
) -> Layer:
    """A layer whose values can all be read, whether or not they could be saved."""
    return read_layer(of, level, document or DOCUMENTS[level], raw, kind=kind, raw_caps=caps)[0]


def addendum(raw: Mapping[str, object], document: str = "") -> Layer:
    """L2."""
    return layer(Level.ADDENDUM, raw, document)


def dataset(raw: Mapping[str, object], document: str = "") -> Layer:
    """L3."""
    return layer(Level.DATASET, raw, document)


def grant(raw: Mapping[str, object], document: str = "") -> Layer:
    """L4."""
    return layer(Level.GRANT, raw, document)


DAY = date.fromisoformat
