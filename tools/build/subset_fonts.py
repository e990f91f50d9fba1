"""Makes FenqiSans-Regular.otf or FenqiSans-Bold.otf from Debian's Noto Sans CJK.

    subset_fonts.py SOURCE.ttc regular|bold OUT.otf

The simplified-Chinese face of the collection, cut to the characters that receipts can need: GBK for
the regular weight (names and goods), GB2312 for the bold one (our own words), ASCII and the signs
around them. Renamed, because it is not Noto any more; the licence (OFL-1.1, docs/licences) is kept.
Fonts with subroutines removed are laid out four times faster. The result is kept under .cache, so
that several build folders of a checkout cut it once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

FAMILY = "FenqiSans"
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "fonts"


def characters(codec: str) -> set[int]:
    """Every character of a two-byte Chinese code, with ASCII and common signs."""
    found = set(range(0x20, 0x7F)) | {0xA0, 0xA5, 0xB7, 0xD7, 0x2013, 0x2014, 0x2018, 0x2019,
                                      0x201C, 0x201D, 0x2022, 0x2026, 0x20AC, 0x2116, 0xFFE5}
    for high in range(0x81, 0xFF):
        for low in range(0x40, 0xFF):
            try:
                text = bytes((high, low)).decode(codec)
            except UnicodeDecodeError:
                continue
            found.update(ord(character) for character in text)
    return found


def simplified_face(path: str):
    """The face of the collection for simplified Chinese."""
    for font in TTCollection(path).fonts:
        if font["name"].getDebugName(1).endswith("CJK SC"):
            return font
    raise SystemExit(f"{path}: no face for simplified Chinese")


def rename(font, weight: str) -> None:
    """Names of the subset; the licence and copyright lines stay."""
    table = font["name"]
    full = f"{FAMILY} {weight.capitalize()}"
    names = {1: FAMILY, 2: weight.capitalize(), 3: f"1.0;{FAMILY}-{weight}", 4: full,
             6: f"{FAMILY}-{weight.capitalize()}", 16: None, 17: None}
    table.names = [record for record in table.names
                   if record.nameID not in names and record.langID in (0x409, 0)]
    for number, text in names.items():
        if text is not None:
            table.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = [names[6]]
    top.topDictIndex[0].FullName = full
    top.topDictIndex[0].FamilyName = FAMILY


def cut(source: str, weight: str, out: Path) -> None:
    """Subset, rename, save without a time of its own."""
    options = subset.Options()
    options.desubroutinize = True
    options.hinting = False
    options.layout_features = ["kern"]
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS"]
    font = simplified_face(source)
    font.recalcTimestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters("gbk" if weight == "regular" else "gb2312"))
    cutter.subset(font)
    rename(font, weight)
    font.save(out)


def main(source: str, weight: str, out: str) -> None:
    """From the cache, or cut and put there; the key is this program and the source font."""
    key = hashlib.sha256(Path(__file__).read_bytes() + Path(source).read_bytes()).hexdigest()[:16]
    kept = CACHE / f"{weight}-{key}.otf"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = CACHE / f"{kept.name}.{os.getpid()}"
        cut(source, weight, unfinished)
        unfinished.replace(kept)
    shutil.copyfile(kept, out)


if __name__ == "__main__":
    main(*sys.argv[1:4])
