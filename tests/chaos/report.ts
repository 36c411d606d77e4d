import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { allFaults } from './faults/all.ts';
import type { Finding } from './harness/checks.ts';
import type { Verdict } from './harness/trial.ts';
import type { Measured } from './load/soak.ts';
import type { InputVerdict } from './try-inputs.ts';

/** The table of docs/reliability.md: a line a fault, and one for all mixes. */

const page = resolve(import.meta.dirname, '../../docs/reliability.md');

/** Writes it into the page. @returns it, for the terminal. */
export const writeReport = (verdicts: readonly Verdict[], inputs: readonly InputVerdict[]): string =>
  writeSection('chaos', `${tableOf(verdicts)}\n\n${inputTableOf(inputs)}`);

/** The same of what was measured. */
export const writeFigures = (section: 'load' | 'soak', figures: readonly Measured[]): string =>
  writeSection(
    section,
    [
      ['', 'measured', 'holds'],
      ['---', '--:', '---'],
      ...figures.map(({ what, value, holds }) => [what, value, holds ? 'yes' : '**no**']),
    ]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n'),
  );

function writeSection(name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const text = readFileSync(page, 'utf8');
  const section = `${table}\n\n${measuredOn()}`;
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  writeFileSync(page, `${before}\n${section}\n${text.slice(text.indexOf(end))}`);
  return section;
}

const heads = [
  'fault',
  'runs',
  'imports',
  'lost',
  'unexpected',
  'stuck',
  'wrong',
  'harmless duplicates',
  'met',
  'seconds',
];

function tableOf(verdicts: readonly Verdict[]): string {
  const isMix = ({ faults }: Verdict) => faults.length > 1;
  const alone = allFaults.map(({ name }) => [
    `\`${name}\``,
    verdicts.filter((verdict) => !isMix(verdict) && verdict.faults[0] === name),
  ]) as [string, Verdict[]][];
  const groups: [string, Verdict[]][] = [...alone, ['two or three of them at once', verdicts.filter(isMix)]];
  const rows = groups.filter(([, some]) => some.length > 0).map(([name, some]) => rowOf(name, some));
  return [heads, heads.map((_, index) => (index === 0 ? '---' : '--:')), ...rows, rowOf('**all**', verdicts)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const inputTableOf = (inputs: readonly InputVerdict[]): string =>
  [
    ['bad input', 'runs', 'wrong', 'kept, KB', 'seconds'],
    ['---', '--:', '--:', '--:', '--:'],
    ...inputs.map(({ name, runs, wrong, keptKb, seconds }) => [
      name,
      String(runs),
      String(wrong),
      String(keptKb),
      seconds.toFixed(1),
    ]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

function rowOf(name: string, verdicts: readonly Verdict[]): string[] {
  const count = (...kinds: Finding['kind'][]) =>
    verdicts.flatMap(({ findings }) => findings).filter(({ kind }) => kinds.includes(kind)).length;
  const sum = (of: (verdict: Verdict) => number) =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0);
  return [
    name,
    String(verdicts.length),
    String(sum(({ accepted }) => accepted)),
    String(count('lost')),
    String(count('unexpected')),
    String(count('stuck')),
    String(count('miscounted', 'untrue', 'differs', 'unmet')),
    String(sum(({ duplicates }) => duplicates)),
    String(sum(({ met }) => met.reduce((all, one) => all + one, 0)) || '—'),
    Math.max(...verdicts.map(({ seconds }) => seconds)).toFixed(0),
  ];
}

function measuredOn(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return `Measured on ${new Date().toISOString().slice(0, 10)} at ${commit}.`;
}
