import { drawCover } from '@savepoint/simulators/covers/draw-cover.ts';
import { sampleCatalogue } from '@savepoint/simulators/start-simulators.ts';

const textOf = (svg: string): string =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, line]) => line).join(' ');

test('a cover is the same whenever it is drawn, and bears its title', () => {
  const portal = { id: 71, name: 'Portal', genres: [9] };
  expect(drawCover(portal)).toBe(drawCover(portal));
  expect(textOf(drawCover(portal))).toBe('PORTAL');
});

test('few games of the sample look alike', () => {
  const scenes = sampleCatalogue().games.map((game) => drawCover(game).replace(/<text.*/s, ''));
  expect(new Set(scenes).size).toBeGreaterThan(scenes.length * 0.98);
});

test.each([
  ['</text><script>alert(1)</script>&"', /&lt;\/TEXT&gt;&lt;SCRIPT/],
  ['\u202egnp.exe\u0007', /^GNP\.EXE$/],
  ['W'.repeat(10_000), /^W{10,30}…$/],
  ['', /^$/],
])('whatever the title is, it stays a text', (name, expected) => {
  const svg = drawCover({ id: 1, name, genres: [] });
  expect(textOf(svg)).toMatch(expected);
  expect(svg.match(/<script/i)).toBeNull();
  expect(svg.length).toBeLessThan(40_000);
});

test('a title that fits no line is cut after the fourth', () => {
  const svg = drawCover({ id: 1, name: 'word '.repeat(500), genres: [12] });
  expect(svg.match(/<text/g)).toHaveLength(4);
});
