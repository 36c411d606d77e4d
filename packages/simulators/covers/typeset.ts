import { width } from './scenes.ts';

/** Room for the title, and what a letter takes of its size in a narrow bold face. */
const box = { left: 16, top: 18, width: width - 32, maxLines: 4 };
const letterShare = 0.66;
const sizes = { largest: 40, smallest: 15 };
const fonts =
  "Impact, 'Haettenschweiler', 'Arial Narrow', 'DejaVu Sans Condensed', 'Liberation Sans Narrow', sans-serif";

/** A title at the top of a cover, as large as it fits. */
export function typeset(title: string, ink: string): string {
  const text = title
    .replace(/[\p{C}™®©]/gu, '')
    .trim()
    .toUpperCase();
  const { lines, size } = fit(text);
  return lines
    .map((line, index) => {
      const y = Math.round(box.top + size * (index + 0.85) * 1.04);
      const wide = [...line].length * size * letterShare;
      // Faces differ; what would be too wide in one of them is pressed into the room that there is.
      const pressed =
        wide > box.width * 0.9 ? ` textLength="${box.width}" lengthAdjust="spacingAndGlyphs"` : '';
      return `<text x="${box.left}" y="${y}" font-family="${fonts}" font-weight="700" font-size="${size}" fill="${ink}"${pressed}>${escaped(line)}</text>`;
    })
    .join('');
}

function fit(text: string): { lines: string[]; size: number } {
  for (let size = sizes.largest; size > sizes.smallest; size -= 2) {
    const lines = wrap(text, Math.floor(box.width / (size * letterShare)));
    if (lines !== null && lines.length <= box.maxLines) return { lines, size };
  }
  const letters = Math.floor(box.width / (sizes.smallest * letterShare));
  const cut = (wrap(text, letters) ?? [`${text.slice(0, letters - 1)}…`]).slice(0, box.maxLines);
  return { lines: cut, size: sizes.smallest };
}

/** Null where a word is longer than a line. */
function wrap(text: string, letters: number): string[] | null {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    if ([...word].length > letters) return null;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character]!);
