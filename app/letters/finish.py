"""What WeasyPrint leaves undone: metadata that claims PDF/A-3a and PDF/UA-1 together, and tagged empty signature fields.

Sources: ISO 19005-3 6.6 (metadata, extension schemas), ISO 14289-1 7.18 (annotations), ISO 32000-1 12.7.4.5 (signatures).
"""

import re
import zlib
from collections.abc import Sized
from typing import Protocol
from xml.sax.saxutils import escape

import pydyf

from app.letters.manuscript import Manuscript, SignatureField

_PRODUCER = "Onepact"
_CARRIAGE_RETURN = 0x0D
_PRINT_AND_LOCKED = 4 + 128
_SIGNATURES_EXIST_AND_APPEND_ONLY = 3


class LaidOut(Protocol):
    """The part of WeasyPrint's document that is looked at here."""

    pages: Sized


class Finisher:
    """Called by WeasyPrint just before the file is written; remembers the number of pages."""

    def __init__(self, manuscript: Manuscript) -> None:
        self._manuscript = manuscript
        self.pages = 0

    def __call__(self, document: LaidOut, pdf: pydyf.PDF) -> None:
        self.pages = len(document.pages)
        _write_information(pdf, self._manuscript)
        _write_metadata(pdf, self._manuscript)
        for field in self._manuscript.signature_fields:
            _add_field(pdf, field)
        _compress(pdf)


def _write_information(pdf: pydyf.PDF, manuscript: Manuscript) -> None:
    stamp = pydyf.String(manuscript.made_at.strftime("D:%Y%m%d%H%M%SZ"))
    pdf.info.clear()
    pdf.info.update(
        {
            "Title": pydyf.String(manuscript.title),
            "Author": pydyf.String(manuscript.author),
            "Subject": pydyf.String(manuscript.subject),
            "Producer": pydyf.String(_PRODUCER),
            "CreationDate": stamp,
            "ModDate": stamp,
        }
    )
    pdf.catalog["Lang"] = pydyf.String(manuscript.language)


def _write_metadata(pdf: pydyf.PDF, manuscript: Manuscript) -> None:
    """Put our packet where WeasyPrint's was, uncompressed so that any tool can read it."""
    number = _number(pdf.catalog["Metadata"])
    stream = pydyf.Stream([_packet(manuscript).encode()], {"Type": "/Metadata", "Subtype": "/XML"}, compress=False)
    stream.number = number
    pdf.objects[number] = stream


def _packet(manuscript: Manuscript) -> str:
    moment = manuscript.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    text = {
        "title": escape(manuscript.title),
        "author": escape(manuscript.author),
        "subject": escape(manuscript.subject),
        "identifier": escape(manuscript.identifier),
        "language": escape(manuscript.language),
        "moment": moment,
        "producer": _PRODUCER,
    }
    return _PACKET.format(**text)


def _add_field(pdf: pydyf.PDF, field: SignatureField) -> None:
    """An invisible widget on the first page, with its place in the structure tree."""
    page = pdf.objects[pdf.pages["Kids"][0]]
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(field.name),
            "TU": pydyf.String(field.tooltip),
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "F": _PRINT_AND_LOCKED,
            "P": page.reference,
        }
    )
    pdf.add_object(widget)
    page.setdefault("Annots", pydyf.Array()).append(widget.reference)
    _add_to_form(pdf, widget)
    _add_to_structure(pdf, page, widget)


def _add_to_form(pdf: pydyf.PDF, widget: pydyf.Dictionary) -> None:
    form = pdf.catalog.setdefault(
        "AcroForm", pydyf.Dictionary({"Fields": pydyf.Array(), "SigFlags": _SIGNATURES_EXIST_AND_APPEND_ONLY})
    )
    form["Fields"].append(widget.reference)


def _add_to_structure(pdf: pydyf.PDF, page: pydyf.Dictionary, widget: pydyf.Dictionary) -> None:
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    document = pdf.objects[_number(root["K"][0])]
    mapping = pdf.objects[_number(root["ParentTree"])]["Nums"]
    reference = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page.reference})
    pdf.add_object(reference)
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": document.reference,
            "Pg": page.reference,
            "K": pydyf.Array([reference.reference]),
        }
    )
    pdf.add_object(element)
    document["K"].append(element.reference)
    key = max(mapping[0::2], default=-1) + 1
    mapping.extend([key, element.reference])
    widget["StructParent"] = key


def _compress(pdf: pydyf.PDF) -> None:
    """Compress every stream, in a way that no reader can miscount.

    Where compressed data happens to end with a carriage return, that and the line feed before `endstream` look like one end of
    line (ISO 32000-1, 7.3.8.1), and validators report a wrong length. In hexadecimal digits it cannot.
    """
    for stream in pdf.objects:
        if not isinstance(stream, pydyf.Stream) or stream.extra.get("Type") == "/Metadata" or "Filter" in stream.extra:
            continue
        content = _content(stream)
        # What zlib packs ends with the Adler-32 sum of the content.
        stream.compress = zlib.adler32(content) & 0xFF != _CARRIAGE_RETURN
        if not stream.compress:
            stream.stream = [zlib.compress(content, 9).hex().encode() + b">"]
            stream.extra = {**stream.extra, "Filter": pydyf.Array(["/ASCIIHexDecode", "/FlateDecode"])}


def _content(stream: pydyf.Stream) -> bytes:
    """The bytes of a stream that is not compressed yet."""
    written = stream.data[: -len(b"\nendstream")]
    length = int(re.findall(rb"/Length (\d+)", written[: written.index(b"stream\n")])[-1])
    return bytes(written[len(written) - length :])


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:identifier>{identifier}</dc:identifier>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate><pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA universal accessibility schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Which part of ISO 14289 the document follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
