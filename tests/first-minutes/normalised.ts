/** What differs from run to run, replaced by something of the same width, so that tables stay tables. */
const replaced: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  [/\d{8}T\d{9}Z/g, 'YYYYMMDDThhmmssmmmZ'],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'YYYY-MM-DD hh:mm:ss'],
  [/ *\d+\.\d s\b/g, (found) => '#.# s'.padStart(found.length)],
  [/\d+ (?:s|min) ago/g, '# s ago'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'],
];

/** A machine that is busy lets a step take more than a second. */
const slowStep = /^Waiting for .*\n/gm;

export const normalised = (screen: string): string =>
  replaced.reduce(
    (text, [pattern, by]) => (typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by)),
    screen.replace(slowStep, ''),
  );

/** What the machine decides, which differs in width too: replaced before it is put on a screen. */
export const anonymous = (written: string): string =>
  written
    .replace(/(savepoint):[\w-]{32}@/g, '$1:<password>@')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/\/\S*\/data-\d+/g, '.savepoint');
