import type { Figure } from '../figure.ts';

/**
 * What an enrichment asks of IGDB, whose four requests a second are shared by everybody. One request of each library is
 * for the times to beat, of 5,000 games at most.
 */
export const names = {
  known: '1,000 apps, all known by uid, first time ever',
  mixed: '1,000 apps, mixed, first time ever',
  badlyLinked: '456 apps that IGDB links badly, first time ever',
  third: '3,000 apps, a third without a uid row, first time ever',
  refused: 'requests refused with 429, in all of these',
  thousandFaster: '1,000 apps, mixed: time, how many times faster',
  manyFaster: '30,000 apps, mixed: time, how many times faster',
};

const requests = (figure: string, apps: number, atMost: number): Figure => ({
  figure,
  against: `one request an app: ${apps.toLocaleString('en')}`,
  unit: 'count',
  target: { atMost },
});

export const figures: readonly Figure[] = [
  requests(names.known, 1000, 2),
  requests(names.mixed, 1000, 5),
  requests(names.badlyLinked, 456, 13),
  requests(names.third, 3000, 46),
  { figure: names.refused, unit: 'count', target: { atMost: 0 } },
  { figure: names.thousandFaster, against: 'one request an app', unit: 'ratio' },
  { figure: names.manyFaster, against: 'one request an app', unit: 'ratio', slow: true },
];
