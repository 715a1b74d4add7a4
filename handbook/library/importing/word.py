"""Word documents (.docx) to HTML."""

from __future__ import annotations

import io

import mammoth

from handbook.core.archive import open_checked
from handbook.core.errors import Invalid
from handbook.library.importing.word_numbering import write_out

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
u => u
strike => s
"""


def to_html(data: bytes) -> str:
    """The document's text as HTML; pictures leave their words only.

    Raises Invalid "import.bomb", "import.damaged", "import.encrypted", or "import.type" for other zip files.
    """
    archive = open_checked(data)
    names = set(archive.namelist())
    if "word/document.xml" not in names:
        raise Invalid("import.encrypted" if "EncryptedPackage" in names else "import.type")
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(write_out(data)),
            style_map=_STYLES,
            convert_image=_words_of_image,
            external_file_access=False,
        )
    except (Exception, RecursionError) as error:  # whatever a hostile or broken file makes the reader raise
        raise Invalid("import.damaged") from error
    return str(result.value)


@mammoth.images.img_element
def _words_of_image(image: object) -> dict[str, str]:
    return {"src": ""}
