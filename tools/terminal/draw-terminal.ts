import type { Span } from './screen.ts';

type Theme = { back: string; bar: string; text: string; dim: string; colours: Record<string, string> };

export const themes = {
  light: {
    back: '#ffffff',
    bar: '#eaeef2',
    text: '#1f2328',
    dim: '#6e7781',
    colours: { green: '#1a7f37', red: '#cf222e', yellow: '#9a6700', cyan: '#1b7c83' },
  },
  dark: {
    back: '#0d1117',
    bar: '#21262d',
    text: '#e6edf3',
    dim: '#8b949e',
    colours: { green: '#3fb950', red: '#ff7b72', yellow: '#d29922', cyan: '#39c5cf' },
  },
} as const satisfies Record<string, Theme>;

const charWidth = 8.4;
const lineHeight = 19;
const padding = 18;
const barHeight = 30;
/** All of it has appeared by then. */
const seconds = 8;

/** A picture of a terminal whose lines appear one after the other, and at once for who wants no motion. */
export function drawTerminal(
  screen: readonly (readonly Span[])[],
  { columns, theme, command }: { columns: number; theme: Theme; command: string },
): string {
  const lines: (readonly Span[])[] = [
    [{ text: `$ ${command}`, style: { bold: true, dim: false, colour: null } }],
    ...screen,
  ];
  const width = Math.ceil(columns * charWidth + 2 * padding);
  const height = barHeight + lines.length * lineHeight + 2 * padding;
  const texts = lines.map((spans, row) => {
    const y = barHeight + padding + (row + 0.75) * lineHeight;
    const delay = ((row / lines.length) * seconds).toFixed(2);
    return `<text x="${padding}" y="${y}" style="animation-delay:${delay}s">${spans.map((span) => drawSpan(span, theme)).join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>What ${command} prints</title>
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:${theme.text};white-space:pre;animation:appear .1s both}@keyframes appear{from{opacity:0}}@media (prefers-reduced-motion:reduce){text{animation:none}}</style>
<rect width="${width}" height="${height}" rx="8" fill="${theme.back}" stroke="${theme.bar}"/>
<path d="M0 8a8 8 0 0 1 8-8h${width - 16}a8 8 0 0 1 8 8v${barHeight - 8}H0z" fill="${theme.bar}"/>
${[18, 38, 58].map((x) => `<circle cx="${x}" cy="15" r="5.5" fill="${theme.dim}"/>`).join('')}
${texts.join('\n')}
</svg>
`;
}

function drawSpan({ text, style }: Span, theme: Theme): string {
  const fill = style.dim ? theme.dim : style.colour === null ? undefined : theme.colours[style.colour];
  const attributes = `${fill === undefined ? '' : ` style="fill:${fill}"`}${style.bold ? ' font-weight="700"' : ''}`;
  return attributes === '' ? escaped(text) : `<tspan${attributes}>${escaped(text)}</tspan>`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!);
