"""Record where headless Chromium breaks the lines of our sentences: ``python -m tests.support.chromium_breaks``.

Every sentence is laid out in a box without width, so that each break Chromium allows is one it takes; no font has a say
in that. Writes ``chromium-LANGUAGE.txt`` beside the sentences, a ``|`` at each break, and the version of the browser.
Needs Debian's ``chromium``; the tests need the recording only.
"""

import html
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden" / "line_breaks"
LANGUAGES = ("vi", "lo", "km", "en")

_PAGE = """<!doctype html><html><head><meta charset="utf-8"></head><body>%s<pre id="found"></pre><script>
const found = [];
for (const box of document.querySelectorAll("p")) {
  const node = box.firstChild, text = node.data, range = document.createRange();
  const breaks = [];
  let last = null;
  for (let at = 0; at < text.length; at += 1) {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const boxes = [...range.getClientRects()].filter((one) => one.height > 0);
    if (text[at] === " " || boxes.length === 0) continue;
    const top = Math.round(boxes[boxes.length - 1].top);
    if (last !== null && top > last + 4) breaks.push(at);
    last = last === null ? top : Math.max(last, top);
  }
  found.push(breaks);
}
document.getElementById("found").textContent = "BEGIN" + JSON.stringify(found) + "END";
</script></body></html>"""


def breaks_of(sentences: list[str], language: str) -> list[list[int]]:
    """Give, for each sentence, the places (in UTF-16 units, all of ours being one) before which Chromium breaks."""
    style = "width:0;margin:40px 0;font:32px/40px 'Noto Sans','Noto Sans Lao','Noto Sans Khmer'"
    boxes = "".join(f'<p lang="{language}" style="{style}">{html.escape(sentence)}</p>' for sentence in sentences)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(_PAGE % boxes, encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        done = subprocess.run([*command, "--dump-dom", page.as_uri()], capture_output=True, check=True, text=True)
    match = re.search(r"BEGIN(.*?)END</pre>", done.stdout, re.DOTALL)
    assert match is not None, done.stderr
    found: list[list[int]] = json.loads(html.unescape(match[1]))
    return found


def marked(sentence: str, places: list[int]) -> str:
    """Put a ``|`` at each place."""
    return "|".join(sentence[start:end] for start, end in zip([0, *places], [*places, len(sentence)], strict=True))


def main() -> None:
    """Record all languages."""
    version = subprocess.run(["chromium", "--version"], capture_output=True, check=True, text=True).stdout.split()
    (FOLDER / "chromium-version.txt").write_text(f"{' '.join(version[:2])}\n", encoding="utf-8")
    for language in LANGUAGES:
        sentences = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        places = breaks_of(sentences, language)
        lines = [marked(sentence, found) for sentence, found in zip(sentences, places, strict=True)]
        (FOLDER / f"chromium-{language}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        sys.stdout.write(f"{language}: {sum(map(len, places))} breaks in {len(lines)} sentences\n")


if __name__ == "__main__":
    main()
