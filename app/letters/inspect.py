"""The door to pyHanko for reading: what a file that someone brings says about itself, found out in a child within limits.

`inspect` never raises on a file; `verdict` judges what was found. "Signature valid" is not "unaltered": bytes behind the end,
or a flip in a place no signature covers, leave the signature valid, so the file's own SHA-256 decides.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from app.foundation.hashing import sha256_hex
from app.foundation.words import N_
from app.letters.errors import LetterError, LimitReached
from app.letters.keys import Known
from app.letters.workshop import Limits, Workshop

if TYPE_CHECKING:
    from pyhanko.pdf_utils.generic import DictionaryObject
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import EmbeddedPdfSignature

LARGEST = 20 * 1024 * 1024
LIMITS = Limits(cpu_seconds=10, memory_bytes=1024**3, wall_seconds=30)
POLICY = "policy.jsonld"
# A letter names itself in its metadata, so that a file damaged beyond reading still says what it claims to be.
_NAMED = re.compile(rb"<dc:identifier>([A-Z]{2}-\d{4}-\d{4,6}(?:-S\d{1,4})?)</dc:identifier>")
_NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{4,6}(?:-S\d{1,4})?")
_LARGEST_POLICY = 1024 * 1024
_DEEPEST_NAMES = 5
_workshop = Workshop("inspect", LIMITS, at_once=2)


@dataclass(frozen=True)
class Findings:
    """What was found in the bytes. `problem` says why a file could not be read to its end; then the rest is unknown."""

    sha256: str
    size: int
    problem: str | None = None
    number: str | None = None
    bears_our_certificate: bool = False
    has_seal: bool = False
    is_intact: bool = False
    is_ours: bool = False
    covers_whole_file: bool = False
    is_certified: bool = False
    revisions: int = 0
    bytes_after_seal: int = 0
    sealed_at: str | None = None


def inspect(data: bytes, known: Known) -> Findings:
    """What the file says, whatever it is. Nothing of it is kept."""
    start = Findings(sha256_hex(data), len(data))
    if len(data) > LARGEST:
        return replace(
            start, problem=N_("The file is larger than 20 MB. A letter is smaller than 1 MB; choose the letter.")
        )
    if not data:
        return replace(start, problem=N_("The file is empty. Choose the PDF of the letter."))
    start = _with_claims(start, data, known.seals)
    if b"%PDF-" not in data[:1024]:
        return replace(start, problem=N_("The file is not a PDF. Choose the PDF of the letter."))
    order = {"roots": [c.hex() for c in known.roots], "seals": [c.hex() for c in known.seals]}
    try:
        answer, _ = _workshop.do(order, data)
    except LimitReached:
        return replace(start, problem=N_("Reading the file took too long or too much memory. A letter never does."))
    except LetterError:
        return replace(
            start, problem=N_("The file is damaged and cannot be read to its end. Ask for the letter again.")
        )
    return _merged(start, answer)


def examine(data: bytes, roots: tuple[bytes, ...], seals: tuple[bytes, ...]) -> Findings:
    """The same on bytes that can be trusted not to be hostile, in this process. Raises what pyHanko raises."""
    answer = _look(data, roots, seals)
    return _merged(Findings(sha256_hex(data), len(data)), answer)


def work(order: Mapping[str, object], body: bytes) -> tuple[dict[str, object], bytes]:
    """What the child does with one order."""
    return _look(body, _certificates(order["roots"]), _certificates(order["seals"])), b""


def warm_up() -> None:
    """Load the library."""
    from pyhanko.pdf_utils import reader  # noqa: F401, PLC0415
    from pyhanko.sign import validation  # noqa: F401, PLC0415


def _with_claims(start: Findings, data: bytes, seals: tuple[bytes, ...]) -> Findings:
    """What can be seen without reading the structure: the number named in the metadata, and our certificate."""
    named = _NAMED.search(data)
    number = named.group(1).decode() if named else None
    hexadecimal = data.lower()
    bears = any(seal.hex().encode() in hexadecimal for seal in seals)
    return replace(start, number=number, bears_our_certificate=bears)


def _merged(start: Findings, answer: Mapping[str, object]) -> Findings:
    known = {key: value for key, value in answer.items() if value is not None}
    number = known.pop("number", start.number)
    return replace(start, number=number if isinstance(number, str) else None, **known)  # type: ignore[arg-type]


def _certificates(value: object) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(str(entry)) for entry in value) if isinstance(value, list) else ()


def _look(data: bytes, roots: tuple[bytes, ...], seals: tuple[bytes, ...]) -> dict[str, object]:
    # The heavy library loads here: in the child, and in whoever seals.
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    # Not strict: other people's files are to be called "not issued by us", not "unreadable", for a loose comma.
    reader = PdfFileReader(BytesIO(data), strict=False)
    if reader.encrypted:
        return {"problem": N_("The file is encrypted; a letter never is. Ask for the letter as it was issued.")}
    found: dict[str, object] = {"number": _number(reader), "revisions": reader.total_revisions}
    signatures = reader.embedded_signatures
    if signatures:
        found |= _about(signatures[0], len(data), roots, seals)
    return found


def _about(
    signature: "EmbeddedPdfSignature", size: int, roots: tuple[bytes, ...], seals: tuple[bytes, ...]
) -> dict[str, object]:
    from asn1crypto.x509 import Certificate  # noqa: PLC0415 - loads with pyHanko
    from pyhanko.sign.fields import MDPPerm  # noqa: PLC0415 - heavy
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    moment = signature.self_reported_timestamp
    context = ValidationContext(
        trust_roots=[Certificate.load(root) for root in roots], moment=moment, allow_fetching=False
    )
    status = validate_pdf_signature(signature, context)
    covered = signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
    end = int(signature.byte_range[2]) + int(signature.byte_range[3])
    return {
        "has_seal": True,
        "is_intact": bool(status.intact and status.valid),
        "is_ours": bool(status.trusted) and signature.signer_cert.dump() in seals,
        "covers_whole_file": covered,
        "is_certified": signature.docmdp_level == MDPPerm.NO_CHANGES and bool(status.docmdp_ok),
        "bytes_after_seal": max(0, size - end),
        "sealed_at": moment.isoformat() if moment else None,
    }


def _number(reader: "PdfFileReader") -> str | None:
    """The number in the attached policy; None where there is no such file or it says none."""
    for name, file in _embedded_files(reader):
        if name == POLICY:
            try:
                policy = json.loads(file[:_LARGEST_POLICY])
            except ValueError:
                return None
            number = policy.get("number") if isinstance(policy, dict) else None
            return number if isinstance(number, str) and _NUMBER.fullmatch(number) else None
    return None


def _embedded_files(reader: "PdfFileReader") -> list[tuple[str, bytes]]:
    try:
        tree = reader.root["/Names"]["/EmbeddedFiles"]
    except KeyError:
        return []
    return [(name, _content(file)) for name, file in _leaves(tree, _DEEPEST_NAMES) if name == POLICY]


def _leaves(node: "DictionaryObject", depth: int) -> "list[tuple[str, DictionaryObject]]":
    """The pairs of a name tree, to a depth that no circle can exceed."""
    if depth == 0:
        return []
    names = node.get("/Names", [])
    pairs = [(str(names[i]), names[i + 1].get_object()) for i in range(0, len(names) - 1, 2)]
    for kid in node.get("/Kids", []):
        pairs += _leaves(kid.get_object(), depth - 1)
    return pairs


def _content(file: "DictionaryObject") -> bytes:
    return bytes(file["/EF"]["/F"].data)
