#!/bin/sh
# Makes the font of the pages anew: the weights 400 to 700 of Pretendard's variable font, with the 2,350 syllables of
# KS X 1001, Latin and the signs that the pages use. Needs npm, and Python with venv; the result is committed, so that
# nobody needs them to build. A syllable beyond those is shown in a font of the reader's system.
#
# The licence keeps the name "Pretendard" for the whole font, so what is made here has another one: "Blacklist Sans".
set -eu

VERSION=1.3.9
FONTTOOLS=4.68.0
BROTLI=1.2.1

here=$(cd "$(dirname "$0")/.." && pwd)
out=$here/crates/server/assets/vendor/pretendard
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "pretendard@$VERSION"
tar xzf "pretendard-$VERSION.tgz" package/dist/LICENSE.txt package/dist/public/variable/PretendardVariable.ttf
python3 -m venv tools
tools/bin/pip --quiet install "fonttools==$FONTTOOLS" "brotli==$BROTLI"

tools/bin/python - <<'PYTHON'
syllables = [bytes((lead, trail)).decode("euc_kr") for lead in range(0xB0, 0xC9) for trail in range(0xA1, 0xFF)]
letters = range(0x3131, 0x3164)
latin = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
signs = "–—‘’“”•…‰′″‹›₩€№™←↑→↓↔↗↘⇄∅−±×÷≈≠≤≥∞─│■□▲△▶▷▼▽◀◁◆◇○◎●◐★☆☐☑☒✓✔✕✗✘、。·「」『』〈〉《》【】"
with open("characters.txt", "w", encoding="utf-8") as out:
    out.write("".join(syllables) + "".join(map(chr, [*letters, *latin])) + signs)
PYTHON

tools/bin/fonttools varLib.instancer --quiet -o weights.ttf package/dist/public/variable/PretendardVariable.ttf wght=400:700
tools/bin/python - <<'PYTHON'
from fontTools.ttLib import TTFont

font = TTFont("weights.ttf")
COPYRIGHT, TRADEMARK, LICENCE = 0, 7, 13
for record in font["name"].names:
    if record.nameID not in (COPYRIGHT, TRADEMARK, LICENCE):
        text = record.toUnicode().replace("Pretendard Variable", "Blacklist Sans").replace("PretendardVariable", "BlacklistSans")
        record.string = text.replace("Pretendard", "Blacklist Sans")
font.save("renamed.ttf")
PYTHON
tools/bin/pyftsubset renamed.ttf --text-file=characters.txt --flavor=woff2 --layout-features='kern,mark,mkmk,ccmp,locl,tnum,calt,liga' \
    --no-hinting --name-IDs="*" --desubroutinize --output-file="$out/blacklist-sans.woff2"
cp package/dist/LICENSE.txt "$out/LICENSE.txt"
ls -l "$out"
