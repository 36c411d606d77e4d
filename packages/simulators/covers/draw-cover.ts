import { chance } from '../catalogue/chance.ts';
import { palettes } from './palettes.ts';
import { height, sceneOf, width } from './scenes.ts';
import { typeset } from './typeset.ts';

export type CoverSubject = { id: number; name: string; genres: readonly number[] };

/**
 * A cover for a game of the simulated IGDB, drawn from its id and genres: the real ones cannot be had without the network,
 * and belong to others. @returns SVG, in the size of IGDB's `t_cover_big`
 */
export function drawCover({ id, name, genres }: CoverSubject): string {
  const palette = palettes[Math.floor(chance(id, 29) * palettes.length)]!;
  const scene = sceneOf(id, genres)(id, palette);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${palette.sky[0]}"/><stop offset=".75" stop-color="${palette.sky[1]}"/></linearGradient></defs>`,
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>`,
    scene,
    typeset(name, palette.ink),
    '</svg>',
  ].join('');
}
