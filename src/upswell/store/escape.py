"""Text that came from data, made harmless for spreadsheets, terminals and web pages."""

from __future__ import annotations

import html
import unicodedata

__all__ = ["FORMULA_STARTS", "csv_cell", "html_text", "terminal_text"]

FORMULA_STARTS = "=+-@＝＋－＠"
"""Characters with which a spreadsheet takes a cell for a formula; the last four are full-width."""

# Those that reorder what stands around them, and marks that names in Arabic or Hebrew may hold.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BIDI_MARKS = frozenset("\u061c\u200e\u200f")
_INVISIBLE = frozenset("\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u2028\u2029")
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cs", "Cn", "Co"})


def csv_cell(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula.

    A leading apostrophe is put before a text that starts with one of `FORMULA_STARTS`, also behind
    white space, or with a tab, carriage return or line feed. Quoting of commas and quotes is the
    business of whoever writes the file.

    Notes
    -----
    OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection.

    Examples
    --------
    >>> print(csv_cell('=HYPERLINK("http://x")'), csv_cell("ana"))
    '=HYPERLINK("http://x") ana
    """
    first = text.lstrip()[:1]
    if text[:1] in ("\t", "\r", "\n") or (first and first in FORMULA_STARTS):
        return "'" + text
    return text


def terminal_text(text: str) -> str:
    r"""Return a text that cannot steer a terminal or reorder a line.

    Control characters with the escape that starts terminal codes, line breaks, marks that change
    the direction of writing, invisible marks and unassigned characters come out as ``\x1b`` or
    ``\u202e``, so that they can be seen.

    Examples
    --------
    >>> print(terminal_text("a\x1b[31mb\u202e\n"))
    a\x1b[31mb\u202e\x0a
    """
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    unsafe = (
        char in _BIDI_CONTROLS | _BIDI_MARKS
        or char in _INVISIBLE
        or unicodedata.category(char) in _UNSAFE_CATEGORIES
    )
    if not unsafe:
        return char
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def html_text(text: str) -> str:
    """Return a text for the content or a quoted attribute of a web page.

    ``& < > " '`` become references; what HTML forbids, control characters other than white space,
    surrogates and noncharacters, becomes U+FFFD; so do direction controls, lest a name reorder what
    stands beside it.

    Examples
    --------
    >>> html_text("<script>")
    '&lt;script&gt;'
    """
    if not text.isprintable():
        # Whatever is forbidden is not printable, and few texts need a look at each character.
        text = "".join("\ufffd" if _forbidden_in_html(char) else char for char in text)
    return html.escape(text, quote=True)


def _forbidden_in_html(char: str) -> bool:
    code = ord(char)
    control = unicodedata.category(char) == "Cc" and char not in "\t\n\r"
    nonchar = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return control or nonchar or 0xD800 <= code <= 0xDFFF or char in _BIDI_CONTROLS
