import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runInTerminal } from './terminal/run-in-terminal.ts';
import { screenOf } from './terminal/screen.ts';
import { drawTerminal, themes } from './terminal/draw-terminal.ts';

/** Draws the README's picture of the demo, as it really runs: `node tools/picture.ts`. */

const root = resolve(import.meta.dirname, '..');
const columns = 80;

const { ended } = runInTerminal('npm run --silent demo', { columns, cwd: root });
// A machine that is busy lets a step take more than a second; the picture does not tell of it.
const screen = screenOf((await ended).replace(/^Waiting for .*\r?\n/gm, ''), columns);
while (screen.at(-1)?.every(({ text }) => text.trim() === '')) screen.pop();
for (const [name, theme] of Object.entries(themes))
  writeFileSync(
    resolve(root, `docs/pictures/demo-${name}.svg`),
    drawTerminal(screen, { columns, theme, command: 'npm run demo' }),
  );
