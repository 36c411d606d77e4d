/**
 * `npm run coverage`: runs the tests and prints which part of each package's lines they run, in Jest's own processes
 * and in the programs that the tests start. What runs from a bundle, or is ended by SIGKILL, does not count.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What Jest writes: V8's coverage as Istanbul's statements, one for each line. */
type JestReport = Record<
  string,
  { statementMap: Record<string, { start: { line: number } }>; s: Record<string, number> }
>;
/** What Node writes with NODE_V8_COVERAGE. */
type NodeReport = { result: { url: string; functions: { ranges: Range[] }[] }[] };
type Range = { startOffset: number; endOffset: number; count: number };

const root = resolve(import.meta.dirname, '../..');
const directory = join(root, 'coverage');
const programs = join(directory, 'programs');

rmSync(directory, { recursive: true, force: true });
mkdirSync(programs, { recursive: true });
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];
const { status } = spawnSync(process.execPath, [...jest, '--coverage', ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, PROGRAM_COVERAGE_DIRECTORY: programs },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

/** Of each source file with code, which of its lines ran; a file that no test loads counts too. */
const ran = new Map(
  globSync('packages/**/*.ts', { cwd: root })
    .filter(hasCode)
    .map((file) => [file, linesOf(file).map(() => false)]),
);
readJestReport();
for (const report of readdirSync(programs)) readNodeReport(join(programs, report));
rmSync(programs, { recursive: true });
print();

function linesOf(file: string): string[] {
  return readFileSync(join(root, file), 'utf8').replace(/\n$/, '').split('\n');
}

/** False where there are only types, which nothing loads. */
function hasCode(file: string): boolean {
  const code = stripTypeScriptTypes(readFileSync(join(root, file), 'utf8'));
  return code.replaceAll(/\/\*.*?\*\/|\/\/.*?$/gms, '').trim() !== '';
}

function readJestReport(): void {
  const report = JSON.parse(readFileSync(join(directory, 'coverage-final.json'), 'utf8')) as JestReport;
  for (const [file, lines] of ran) {
    const { statementMap = {}, s = {} } = report[join(root, file)] ?? {};
    for (const [id, { start }] of Object.entries(statementMap)) if (s[id]) lines[start.line - 1] = true;
  }
}

function readNodeReport(path: string): void {
  const report = JSON.parse(readFileSync(path, 'utf8')) as NodeReport;
  const byUrl = new Map(report.result.map(({ url, functions }) => [url, functions]));
  for (const [file, lines] of ran) {
    const functions = byUrl.get(pathToFileURL(join(root, file)).href);
    if (!functions) continue;
    const ranges = functions.flatMap((each) => each.ranges);
    let end = -1;
    for (const [index, { length }] of linesOf(file).entries()) {
      const start = end + 1;
      end = start + length;
      // V8 tells of inner ranges after those around them, so the last one that holds the line counts.
      const range = ranges.findLast(({ startOffset, endOffset }) => startOffset <= start && end <= endOffset);
      if (range && range.count > 0) lines[index] = true;
    }
  }
}

function print(): void {
  const packageOf = (file: string) => file.split('/')[1] ?? '';
  const byPackage = Map.groupBy(ran, ([file]) => packageOf(file));
  console.log('\nLines that the tests run:');
  for (const [name, files] of byPackage)
    console.log(`  ${name.padEnd(12)}${percentage(files.flatMap(([, lines]) => lines))}`);
  console.log(`  ${'all'.padEnd(12)}${percentage([...ran.values()].flat())}`);
  const missed = [...ran].map(([file, lines]) => ({
    file,
    count: lines.filter((did) => !did).length,
    of: lines.length,
  }));
  console.log('\nMost of the others are in:');
  for (const { file, count, of } of missed.sort((a, b) => b.count - a.count).slice(0, 10))
    console.log(`  ${String(count).padStart(4)} of ${String(of).padStart(4)}  ${file}`);
}

function percentage(lines: boolean[]): string {
  return `${((100 * lines.filter(Boolean).length) / lines.length).toFixed(1).padStart(6)} %`;
}
