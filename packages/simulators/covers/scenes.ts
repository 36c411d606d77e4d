import { chance } from '../catalogue/chance.ts';
import type { Palette } from './palettes.ts';

/** What is to be seen on a cover: SVG elements on 264 by 374, the same for the same id. */
export type Scene = (id: number, palette: Palette) => string;

export const width = 264;
export const height = 374;

const round = (value: number): number => Math.round(value * 10) / 10;
const between = (least: number, most: number, id: number, salt: number): number =>
  round(least + (most - least) * chance(id, salt));
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const polygon = (points: readonly (readonly [number, number])[], fill: string): string =>
  `<polygon points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}" fill="${fill}"/>`;

/** A sun or moon, behind everything. */
function orb(id: number, { light }: Palette): string {
  const [x, y, r] = [between(60, 204, id, 31), between(165, 225, id, 32), between(26, 58, id, 33)];
  return `<circle cx="${x}" cy="${y}" r="${round(r * 1.7)}" fill="${light}" opacity=".18"/><circle cx="${x}" cy="${y}" r="${r}" fill="${light}"/>`;
}

/** A ridge from edge to edge. @param jag how far its points leave the line */
function ridge(id: number, salt: number, base: number, jag: number, steps: number, fill: string): string {
  const points = range(steps + 1).map(
    (step) =>
      [(step * width) / steps, base + (step % 2 === 0 ? 1 : -1) * jag * chance(id, salt + step)] as const,
  );
  return polygon([[0, height], ...points, [width, height]], fill);
}

const mountains: Scene = (id, palette) =>
  orb(id, palette) +
  ridge(id, 40, 230, 70, 6, palette.far) +
  ridge(id, 60, 275, 60, 8, palette.middle) +
  ridge(id, 80, 325, 34, 10, palette.near);

const forest: Scene = (id, palette) => {
  const tree = (salt: number, base: number, tall: number, fill: string) => {
    const x = between(-10, width + 10, id, salt);
    const size = tall * (0.7 + 0.6 * chance(id, salt + 500));
    return range(3)
      .map((tier) => {
        const wide = size * (0.16 + tier * 0.07);
        const top = base - size + tier * size * 0.24;
        return polygon(
          [
            [x, top],
            [x - wide, top + size * 0.42],
            [x + wide, top + size * 0.42],
          ],
          fill,
        );
      })
      .join('');
  };
  const row = (salt: number, count: number, base: number, tall: number, fill: string) =>
    `${range(count)
      .map((index) => tree(salt + index, base, tall, fill))
      .join('')}<rect y="${base - tall * 0.12}" width="${width}" height="${height}" fill="${fill}"/>`;
  return (
    orb(id, palette) +
    row(100, 14, 300, 110, palette.far) +
    row(130, 10, 335, 140, palette.middle) +
    row(160, 7, 372, 170, palette.near)
  );
};

const skyline: Scene = (id, palette) => {
  const row = (salt: number, count: number, least: number, most: number, fill: string, lit: string | null) =>
    range(count)
      .map((index) => {
        const wide = width / count;
        const tall = between(least, most, id, salt + index);
        const windows = lit
          ? range(6)
              .filter((each) => chance(id, salt + index * 10 + each) < 0.5)
              .map(
                (each) =>
                  `<rect x="${round(index * wide + 6 + (each % 2) * 9)}" y="${round(height - tall + 12 + each * 11)}" width="4" height="6" fill="${lit}" opacity=".75"/>`,
              )
              .join('')
          : '';
        return `<rect x="${round(index * wide)}" y="${round(height - tall)}" width="${round(wide - 2)}" height="${tall}" fill="${fill}"/>${windows}`;
      })
      .join('');
  return (
    orb(id, palette) +
    row(200, 12, 110, 210, palette.far, null) +
    row(230, 9, 70, 165, palette.middle, palette.light) +
    row(260, 7, 30, 95, palette.near, palette.light)
  );
};

const horizon: Scene = (id, palette) => {
  const ground = 250;
  const lines = range(13)
    .map((index) => {
      const x = (index - 6) * 18;
      return `<line x1="${132 + x}" y1="${ground}" x2="${132 + x * 7}" y2="${height}" stroke="${palette.light}" stroke-width="1.4" opacity=".55"/>`;
    })
    .join('');
  const rungs = range(7)
    .map((index) => {
      const y = round(ground + (height - ground) * (index / 7) ** 2);
      return `<line x1="0" y1="${y}" x2="${width}" y2="${y}" stroke="${palette.light}" stroke-width="1.4" opacity=".55"/>`;
    })
    .join('');
  const bands = range(5)
    .map(
      (index) =>
        `<rect x="60" y="${200 + index * 11}" width="144" height="${2 + index}" fill="${palette.sky[1]}"/>`,
    )
    .join('');
  return `<circle cx="132" cy="${ground - 40}" r="70" fill="${palette.light}"/>${bands}${ridge(id, 300, ground, 22, 10, palette.middle)}<rect y="${ground}" width="${width}" height="${height}" fill="${palette.near}"/>${lines}${rungs}`;
};

const space: Scene = (id, palette) => {
  const stars = range(70)
    .map(
      (index) =>
        `<circle cx="${between(0, width, id, 400 + index)}" cy="${between(0, height, id, 480 + index)}" r="${between(0.4, 1.7, id, 560 + index)}" fill="${palette.light}" opacity=".8"/>`,
    )
    .join('');
  const [x, y, r] = [between(40, 220, id, 641), between(200, 310, id, 642), between(60, 110, id, 643)];
  const tilt = between(-30, 30, id, 644);
  const ring = `<ellipse cx="${x}" cy="${y}" rx="${round(r * 1.6)}" ry="${round(r * 0.32)}" fill="none" stroke="${palette.light}" stroke-width="5" opacity=".7" transform="rotate(${tilt} ${x} ${y})"/>`;
  return `${stars}<circle cx="${x}" cy="${y}" r="${r}" fill="${palette.middle}"/><circle cx="${round(x - r * 0.25)}" cy="${round(y - r * 0.2)}" r="${round(r * 0.75)}" fill="${palette.far}"/>${chance(id, 645) < 0.6 ? ring : ''}`;
};

const blocks: Scene = (id, palette) => {
  const size = 44;
  const fills = [palette.far, palette.middle, palette.near, palette.light, palette.sky[1]];
  return range(6 * 6)
    .map((index) => {
      const [x, y] = [(index % 6) * size, 110 + Math.floor(index / 6) * size];
      const fill = fills[Math.floor(chance(id, 700 + index) * fills.length)]!;
      const kind = Math.floor(chance(id, 750 + index) * 4);
      const box = `<rect x="${x}" y="${y}" width="${size}" height="${size}" fill="${fills[(index + kind) % 3]}"/>`;
      if (kind === 0)
        return `${box}<circle cx="${x + size / 2}" cy="${y + size / 2}" r="16" fill="${fill}"/>`;
      if (kind === 1)
        return (
          box +
          polygon(
            [
              [x, y],
              [x + size, y],
              [x, y + size],
            ],
            fill,
          )
        );
      if (kind === 2)
        return `${box}<path d="M${x} ${y}a${size} ${size} 0 0 1 ${size} ${size}h-${size}z" fill="${fill}"/>`;
      return box;
    })
    .join('');
};

const castle: Scene = (id, palette) => {
  const tower = (x: number, wide: number, top: number, fill: string) =>
    `<rect x="${round(x)}" y="${round(top)}" width="${wide}" height="${height}" fill="${fill}"/>` +
    polygon(
      [
        [x - 5, top],
        [x + wide / 2, top - wide * 1.1],
        [x + wide + 5, top],
      ],
      fill,
    ) +
    `<rect x="${round(x + wide / 2 - 3)}" y="${round(top + 16)}" width="6" height="12" rx="3" fill="${palette.light}"/>`;
  const towers = range(5)
    .map((index) =>
      tower(
        38 + index * 40,
        between(20, 32, id, 800 + index),
        between(170, 260, id, 810 + index),
        palette.middle,
      ),
    )
    .join('');
  return `${orb(id, palette)}${ridge(id, 820, 270, 50, 6, palette.far)}${towers}${ridge(id, 840, 325, 26, 8, palette.near)}`;
};

const waves: Scene = (id, palette) =>
  orb(id, palette) +
  [palette.far, palette.middle, palette.near]
    .map((fill, index) => {
      const base = 230 + index * 46;
      const swing = between(14, 34, id, 900 + index);
      return `<path d="M0 ${base}C 44 ${base - swing} 88 ${base + swing} 132 ${base}S 220 ${base - swing} 264 ${base}V374H0Z" fill="${fill}"/>`;
    })
    .join('');

/** By IGDB's ids of genres; what has none of these draws from all. */
const ofGenre: Readonly<Record<number, readonly Scene[]>> = {
  5: [space, skyline],
  8: [forest, blocks],
  9: [blocks],
  10: [horizon],
  11: [space, castle],
  12: [castle, mountains, forest],
  13: [skyline, waves],
  14: [horizon, waves],
  15: [castle, space],
  16: [castle],
  31: [mountains, forest, waves],
  32: [forest, mountains, blocks],
  33: [horizon],
  34: [waves, skyline],
  35: [blocks],
};
const all = [mountains, forest, skyline, horizon, space, blocks, castle, waves];

export function sceneOf(id: number, genres: readonly number[]): Scene {
  const fitting = genres.flatMap((genre) => ofGenre[genre] ?? []);
  const scenes = fitting.length > 0 ? fitting : all;
  return scenes[Math.floor(chance(id, 30) * scenes.length)]!;
}
