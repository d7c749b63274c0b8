"""The names in a zip: backslashes of Windows, and names in UTF-8 or Chinese GBK that are not marked as such."""

import zipfile
from collections.abc import Sequence

from vae_core.messages import Message

UTF8 = 0x800  # the flag of a name in UTF-8; other names are in the code page 437, as the standard has it
GBK_LEAD = 0xB0  # from here GBK has its 6,763 usual characters; in code page 437 these bytes are lines of frames


def decoded_names(members: Sequence[zipfile.ZipInfo]) -> tuple[list[str], tuple[Message, ...]]:
    """The members' names with "/" between folders, and a note where they are read in another encoding than the zip says."""
    raw = [None if member.flag_bits & UTF8 else _raw(member.filename) for member in members]
    encoding, note = _encoding([name for name in raw if name is not None])
    pairs = zip(members, raw, strict=True)
    names = [member.filename if name is None else name.decode(encoding) for member, name in pairs]
    return [name.replace("\\", "/") for name in names], (note,) if note else ()


def _raw(name: str) -> bytes | None:
    """The bytes of a name that zipfile has decoded in code page 437; None for one that it has not."""
    try:
        return name.encode("cp437")
    except UnicodeEncodeError:
        return None


def _encoding(names: list[bytes]) -> tuple[str, Message | None]:
    """The encoding in which all names can be read, as probable as one can tell from their bytes."""
    odd = [name for name in names if not name.isascii()]
    if not odd:
        return "cp437", None
    if _decodes(odd, "utf-8"):
        return "utf-8", None
    if _decodes(odd, "gbk") and _looks_chinese(b"".join(odd)):
        return "gbk", Message("The names in the zip are read as Chinese in the encoding GBK.")
    return "cp437", None


def _decodes(names: list[bytes], encoding: str) -> bool:
    try:
        return bool([name.decode(encoding) for name in names])
    except UnicodeDecodeError:
        return False


def _looks_chinese(data: bytes) -> bool:
    """Whether most characters beyond ASCII are usual Chinese ones; letters with accents have lower bytes in code page 437."""
    characters = [char.encode("gbk") for char in data.decode("gbk") if ord(char) > 127]
    return 2 * sum(char[0] >= GBK_LEAD for char in characters) > len(characters)
