/** Line charts with logarithmic axes, as SVG that GitHub shows in light and dark pages alike. */

export type Series = {
  name: string;
  color: 'blue' | 'orange' | 'green' | 'purple' | 'red';
  /** Computed, not measured. */
  dashed?: boolean;
  points: readonly (readonly [x: number, y: number])[];
};

export type Panel = {
  title: string;
  x: string;
  /** The values from 1 to 10 ^ n; the axis begins and ends at powers of ten. */
  y: string;
  series: readonly Series[];
  /** Lines across, such as a limit. */
  limits?: readonly { name: string; y: number }[];
};

const panelSize = { width: 470, height: 340 };
const margin = { left: 62, right: 110, top: 48, bottom: 52 };
const headHeight = 40;
const footHeight = 30;

const colors: Record<Series['color'], { light: string; dark: string }> = {
  blue: { light: '#0969da', dark: '#4493f8' },
  orange: { light: '#bc4c00', dark: '#f0883e' },
  green: { light: '#1a7f37', dark: '#3fb950' },
  purple: { light: '#8250df', dark: '#ab7df8' },
  red: { light: '#cf222e', dark: '#f85149' },
};

/** @param note when and on what it was measured. */
export function lineCharts(
  title: string,
  description: string,
  panels: readonly Panel[],
  note: string,
): string {
  const width = panelSize.width * panels.length;
  const height = headHeight + panelSize.height + footHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(description)}</desc>
<style>
  :root { --page: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; ${palette('light')} }
  @media (prefers-color-scheme: dark) {
    :root { --page: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; ${palette('dark')} }
  }
  text { font: 12px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: var(--soft); }
  .head { font-size: 16px; font-weight: 600; fill: var(--ink); }
  .name { font-size: 13px; font-weight: 600; fill: var(--ink); }
  .middle { text-anchor: middle; } .end { text-anchor: end; }
  .grid { stroke: var(--line); stroke-width: 1; }
  .limit { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
  .series { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .computed { stroke-dasharray: 6 4; }
</style>
<rect width="${width}" height="${height}" rx="12" style="fill: var(--page)"/>
<text class="head" x="20" y="28">${escaped(title)}</text>
${panels.map((panel, index) => `<g transform="translate(${index * panelSize.width} ${headHeight})">\n${drawPanel(panel)}\n</g>`).join('\n')}
<text x="20" y="${height - 12}">${escaped(note)}</text>
</svg>
`;
}

const palette = (mode: 'light' | 'dark'): string =>
  Object.entries(colors)
    .map(([name, color]) => `--${name}: ${color[mode]};`)
    .join(' ');

function drawPanel({ title, x, y, series, limits = [] }: Panel): string {
  const points = series.flatMap((each) => each.points);
  const right = panelSize.width - margin.right;
  const bottom = panelSize.height - margin.bottom;
  const across = scale(
    points.map(([value]) => value),
    margin.left,
    right,
  );
  const up = scale(
    [...points.map(([, value]) => value), ...limits.map((limit) => limit.y)],
    bottom,
    margin.top,
  );
  return [
    `<text class="name" x="${margin.left}" y="22">${escaped(title)}</text>`,
    ...across.ticks.map(
      (tick) =>
        `<line class="grid" x1="${across.at(tick)}" x2="${across.at(tick)}" y1="${margin.top}" y2="${bottom}"/><text class="middle" x="${across.at(tick)}" y="${bottom + 18}">${short(tick)}</text>`,
    ),
    ...up.ticks.map(
      (tick) =>
        `<line class="grid" x1="${margin.left}" x2="${right}" y1="${up.at(tick)}" y2="${up.at(tick)}"/><text class="end" x="${margin.left - 8}" y="${up.at(tick) + 4}">${short(tick)}</text>`,
    ),
    `<text class="middle" x="${(margin.left + right) / 2}" y="${bottom + 40}">${escaped(x)}</text>`,
    `<text x="${margin.left}" y="40">${escaped(y)}</text>`,
    ...limits.map(
      (limit) =>
        `<line class="limit" x1="${margin.left}" x2="${right}" y1="${up.at(limit.y)}" y2="${up.at(limit.y)}"/><text x="${right + 6}" y="${up.at(limit.y) + 4}">${escaped(limit.name)}</text>`,
    ),
    ...series.map((each) => drawSeries(each, across.at, up.at)),
    ...drawNames(series, across.at, up.at),
  ].join('\n');
}

const lineHeight = 14;

/** Each beside the end of its line, and below the one above where lines end close together. */
function drawNames(
  series: readonly Series[],
  across: (value: number) => number,
  up: (value: number) => number,
): string[] {
  const ends = series.map(({ name, color, points }) => {
    const [x, y] = points.at(-1)!;
    return { name, color, x: across(x), y: up(y) };
  });
  let above = Number.NEGATIVE_INFINITY;
  return ends
    .toSorted((a, b) => a.y - b.y)
    .map(({ name, color, x, y }) => {
      above = Math.max(y, above + lineHeight);
      return `<text x="${x + 8}" y="${above + 4}" style="fill: var(--${color})">${escaped(name)}</text>`;
    });
}

function drawSeries(
  { color, dashed, points }: Series,
  across: (value: number) => number,
  up: (value: number) => number,
): string {
  const places = points.map(([x, y]) => [across(x), up(y)] as const);
  const dots = dashed
    ? ''
    : places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" style="fill: var(--${color})"/>`).join('');
  return `<path class="series${dashed ? ' computed' : ''}" style="stroke: var(--${color})" d="M${places.map(([x, y]) => `${x} ${y}`).join('L')}"/>${dots}`;
}

/** From the power of ten below the least value to that above the greatest. */
function scale(values: readonly number[], from: number, to: number) {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  const step = Math.max(1, Math.round((last - first) / 6));
  const ticks = [];
  for (let power = first; power <= last; power += step) ticks.push(10 ** power);
  const at = (value: number): number =>
    Math.round((10 * (from + ((Math.log10(value) - first) / (last - first)) * (to - from))) as number) / 10;
  return { at, ticks };
}

/** `0.1`, `100`, `10k`, `1M`. */
function short(value: number): string {
  if (value >= 1e9) return `${value / 1e9}G`;
  if (value >= 1e6) return `${value / 1e6}M`;
  if (value >= 1e4) return `${value / 1e3}k`;
  return value >= 1 ? value.toLocaleString('en') : String(Number(value.toPrecision(1)));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
