"""Licenses by their SPDX id: what each is called, where its text stands, and how catalogs write it.

Ids and names: SPDX License List, https://spdx.org/licenses/. A name without a version is no license of this list: it stays text.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class License:
    """A license: its name, where its text stands, and further ways in which it is written."""

    name: str
    address: str
    also: tuple[str, ...] = ()


def _creative_commons() -> dict[str, License]:
    kinds = {
        "BY": "Attribution",
        "BY-SA": "Attribution Share Alike",
        "BY-ND": "Attribution No Derivatives",
        "BY-NC": "Attribution Non Commercial",
        "BY-NC-SA": "Attribution Non Commercial Share Alike",
        "BY-NC-ND": "Attribution Non Commercial No Derivatives",
    }
    found: dict[str, License] = {}
    for kind, words in kinds.items():
        for version in ("1.0", "2.0", "2.5", "3.0", "4.0"):
            # "International" is in the name since version 4.0, which has no ports to countries any more.
            region = " International" if version == "4.0" else ""
            joined = words.replace("Share Alike", "ShareAlike").replace("Non Commercial", "NonCommercial")
            known = [kind, joined, f"{words}{region}", f"{joined}{region}"]
            also = [f"CC {kind} {version}", *(f"Creative Commons {one} {version}" for one in known)]
            also.append(f"Creative Commons {joined} {version}{region}")
            if region:
                also += [
                    f"Creative Commons {joined} International",
                    f"Creative Commons {joined} International (CC {kind})",
                ]
            found[f"CC-{kind}-{version}"] = License(
                f"Creative Commons {words} {version}{region}",
                f"https://creativecommons.org/licenses/{kind.lower()}/{version}/",
                tuple(also),
            )
        found[f"CC-{kind}-3.0-IGO"] = License(
            f"Creative Commons {words} 3.0 IGO",
            f"https://creativecommons.org/licenses/{kind.lower()}/3.0/igo/",
            (f"Creative Commons {words} for Intergovernmental Organisations", f"CC {kind}-IGO 3.0", f"CC {kind} 3.0 IGO",
             f"Creative Commons {words} for Intergovernmental Organisations (CC {kind}-IGO)"),
        )  # fmt: skip
    return found


LICENSES: dict[str, License] = {
    **_creative_commons(),
    "CC0-1.0": License(
        "Creative Commons Zero 1.0 Universal",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        (
            "CC0",
            "CC0 1.0",
            "CC-0",
            "cc-zero",
            "Creative Commons CCZero",
            "Creative Commons Zero",
            "CC0 1.0 Universal",
            "Public Domain / No restrictions (CC0)",
            "https://creativecommons.org/publicdomain/zero/1.0/legalcode",
        ),
    ),
    "ODbL-1.0": License(
        "Open Data Commons Open Database License 1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        (
            "ODbL",
            "odc-odbl",
            "Open Database License",
            "Open Database License (ODC-ODbL)",
            "https://www.opendatacommons.org/licenses/odbl",
            "Open Data Commons Open Database License",
            "Open Data Commons Open Database License (ODbL)",
            "https://opendatacommons.org/licenses/odbl",
        ),
    ),
    "ODC-By-1.0": License(
        "Open Data Commons Attribution License 1.0",
        "https://opendatacommons.org/licenses/by/1-0/",
        (
            "odc-by",
            "Open Data Commons Attribution License",
            "Open Data Commons Attribution License (ODC-BY)",
            "https://opendatacommons.org/licenses/by",
        ),
    ),
    "PDDL-1.0": License(
        "Open Data Commons Public Domain Dedication & License 1.0",
        "https://opendatacommons.org/licenses/pddl/1-0/",
        (
            "PDDL",
            "ODC-PDDL-1.0",
            "odc-pddl",
            "Open Data Commons Public Domain Dedication and License (PDDL)",
            "Open Data Commons Public Domain Dedication and License",
            "https://opendatacommons.org/licenses/pddl",
        ),
    ),
    "OGL-UK-1.0": License(
        "Open Government Licence 1.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/1/"
    ),
    "OGL-UK-2.0": License(
        "Open Government Licence 2.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/2/"
    ),
    "OGL-UK-3.0": License(
        "Open Government Licence 3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        ("uk-ogl", "OGL 3.0", "OGL v3", "OGL v3.0", "Open Government Licence v3.0", "UK Open Government Licence (OGL)"),
    ),
    "OGL-Canada-2.0": License(
        "Open Government Licence Canada 2.0",
        "https://open.canada.ca/en/open-government-licence-canada",
        ("ca-ogl-lgo", "Open Government Licence - Canada"),
    ),
    "etalab-2.0": License(
        "Licence Ouverte 2.0 (Etalab)",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        ("fr-lo", "lov2", "Licence Ouverte 2.0", "Licence Ouverte / Open Licence version 2.0", "Open Licence 2.0"),
    ),
    "DL-DE-BY-2.0": License(
        "Datenlizenz Deutschland Namensnennung 2.0",
        "https://www.govdata.de/dl-de/by-2-0",
        ("dl-de-by-2.0", "http://dcat-ap.de/def/licenses/dl-by-de/2.0"),
    ),
    "DL-DE-ZERO-2.0": License("Datenlizenz Deutschland Zero 2.0", "https://www.govdata.de/dl-de/zero-2-0"),
    "CDLA-Permissive-1.0": License(
        "Community Data License Agreement Permissive 1.0", "https://cdla.dev/permissive-1-0/"
    ),
    "CDLA-Permissive-2.0": License(
        "Community Data License Agreement Permissive 2.0", "https://cdla.dev/permissive-2-0/"
    ),
    "CDLA-Sharing-1.0": License("Community Data License Agreement Sharing 1.0", "https://cdla.dev/sharing-1-0/"),
    "Apache-2.0": License(
        "Apache License 2.0",
        "https://www.apache.org/licenses/LICENSE-2.0",
        ("Apache 2.0", "Apache License, Version 2.0"),
    ),
    "MIT": License(
        "MIT License",
        "https://opensource.org/licenses/MIT",
        ("MIT License", "The MIT License", "https://opensource.org/license/mit"),
    ),
    "BSD-2-Clause": License("BSD 2-Clause License", "https://opensource.org/licenses/BSD-2-Clause"),
    "BSD-3-Clause": License("BSD 3-Clause License", "https://opensource.org/licenses/BSD-3-Clause", ("BSD 3-Clause",)),
    "AFL-3.0": License("Academic Free License 3.0", "https://opensource.org/licenses/AFL-3.0"),
    "GPL-2.0-only": License("GNU General Public License 2.0", "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"),
    "GPL-3.0-only": License(
        "GNU General Public License 3.0", "https://www.gnu.org/licenses/gpl-3.0.html", ("gpl-3.0", "GPLv3")
    ),
    "LGPL-3.0-only": License(
        "GNU Lesser General Public License 3.0", "https://www.gnu.org/licenses/lgpl-3.0.html", ("lgpl-3.0",)
    ),
    "AGPL-3.0-only": License(
        "GNU Affero General Public License 3.0", "https://www.gnu.org/licenses/agpl-3.0.html", ("agpl-3.0",)
    ),
    "GFDL-1.3-only": License(
        "GNU Free Documentation License 1.3", "https://www.gnu.org/licenses/fdl-1.3.html", ("gfdl",)
    ),
}


def license_id(text: str) -> str | None:
    """The SPDX id that a text says: the id itself, the license's name, or the address of its text; None for other words."""
    return _BY_WORDS.get(_comparable(text)) if len(text) <= _LONGEST else None


def license_of(stored: str) -> License | None:
    """The license that a listing names by its SPDX id."""
    return LICENSES.get(stored)


_LONGEST = 200


def _comparable(text: str) -> str:
    """Without case, scheme, and what differs between one writing and the next."""
    words = text.strip().casefold().removeprefix("the ")
    words = re.sub(r"^https?://(www\.)?", "", words)
    words = re.sub(r"(/legalcode|/deed)?(\.[a-z]{2}(-[a-z]{2})?)?(\.html?|\.txt)?/*$", "", words)
    words = words.removeprefix("spdx.org/licenses/").replace("licence", "license")
    return re.sub(r"(?:[^\w./]|_)+", "", words)


# The European table of licenses, whose addresses DCAT-AP asks for, writes ids with underscores.
_EUROPEAN = "http://publications.europa.eu/resource/authority/licence/"
_BY_WORDS: dict[str, str] = {
    _comparable(words): spdx
    for spdx, held in LICENSES.items()
    for words in (
        spdx,
        held.name,
        held.address,
        _EUROPEAN + re.sub(r"[-.]", "_", spdx.upper()),
        _EUROPEAN + re.sub(r"[-.]", "", spdx.upper().removesuffix("-1.0")),
        *held.also,
    )
}
