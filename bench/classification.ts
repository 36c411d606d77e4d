/**
 * What the name rules lose and catch, on a CSV of labelled apps (`appid,name,type,reviews`):
 * `node bench/classification.ts --data app-types.csv [--list]`
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Papa from 'papaparse';
import { appNameRules, findAppNameRule } from '@savepoint/core/classification/app-name-rules.ts';

type LabelledApp = { appid: string; name: string; type: string; reviews: string };

const { values } = parseArgs({
  options: { data: { type: 'string' }, list: { type: 'boolean', default: false } },
});
if (values.data === undefined) {
  console.error('Usage: node bench/classification.ts --data <apps.csv> [--list]');
  process.exit(2);
}

const { data } = Papa.parse<LabelledApp>(readFileSync(values.data, 'utf8'), {
  header: true,
  skipEmptyLines: true,
});
const startedAt = performance.now();
const apps = data.map((app) => ({ ...app, reviews: Number(app.reviews), rule: findAppNameRule(app.name) }));
const milliseconds = performance.now() - startedAt;

const games = apps.filter(({ type }) => type === 'game');
const lost = games.filter(({ rule }) => rule !== undefined);
const total = (list: { reviews: number }[]): number => list.reduce((sum, { reviews }) => sum + reviews, 0);
const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(3)} %`;

const caught = (label: string, target: string, of: typeof apps) => {
  const hits = of.filter(({ rule }) => rule !== undefined);
  const sameClass = hits.filter(({ rule, type }) => rule?.classification === type);
  return {
    figure: `caught: ${label}`,
    measured: `${percent(hits.length, of.length)} of ${of.length} (same class ${sameClass.length})`,
    target,
  };
};
const ofType = (type: string) => apps.filter((app) => app.type === type);

console.table([
  {
    figure: 'games filtered',
    measured: `${lost.length} = ${percent(lost.length, games.length)}`,
    target: '≤ 0.05 %',
  },
  { figure: '… weighted by reviews', measured: percent(total(lost), total(games)), target: '' },
  {
    figure: '… with 1,000 reviews or more',
    measured: String(lost.filter(({ reviews }) => reviews >= 1000).length),
    target: '≤ 2',
  },
  caught('demo', '≥ 98 %', ofType('demo')),
  caught('beta', '≥ 99 %', ofType('beta')),
  caught(
    'tools with server, SDK or editor names',
    '≥ 85 %',
    ofType('tool').filter(({ name }) => /server|\bsdk\b|editor/i.test(name)),
  ),
  caught('multiplayer_component', '100 %', ofType('multiplayer_component')),
  caught('bonus_content', '', ofType('bonus_content')),
  caught('dlc', '', ofType('dlc')),
  caught('video', '', ofType('video')),
  { figure: 'time a name', measured: `${((1000 * milliseconds) / apps.length).toFixed(1)} µs`, target: '' },
]);
console.table(
  appNameRules.map((rule) => {
    const taken = apps.filter((app) => app.rule === rule);
    const gamesTaken = taken.filter(({ type }) => type === 'game').length;
    return { rule: rule.id, games: gamesTaken, others: taken.length - gamesTaken };
  }),
);
if (values.list)
  for (const { name, reviews, rule } of lost) console.log(`lost by ${rule?.id}: ${name} (${reviews})`);
