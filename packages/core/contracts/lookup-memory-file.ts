import type { AppKnowledge } from './checkpoint.ts';

/**
 * `state/lookup-memory.zst`: what all instances of the enrichment learnt of apps, and nothing of people. Lines of text: the
 * form's version, then a line an app. Of a line only the head is read until somebody asks for the app.
 */
export type RememberedApp = {
  appId: AppKnowledge['appId'];
  /** Unix seconds. */
  expiresAt: number;
  /** How often it was asked for, and when last, in Unix seconds. */
  asked: number;
  askedAt: number;
  /** AppKnowledge as JSON. */
  knowledge: string;
};

const versionLine = 'savepoint look-up memory 1';
/** The head is four whole numbers; JSON has no tab in it. */
const line = /^(\d{1,10})\t(\d{1,11})\t(\d{1,9})\t(\d{1,11})\t(\{.*\})$/;

export const writeLookupMemory = (apps: Iterable<RememberedApp>): string =>
  [
    versionLine,
    ...[...apps].map(({ appId, expiresAt, asked, askedAt, knowledge }) =>
      [appId, expiresAt, asked, askedAt, knowledge].join('\t'),
    ),
    '',
  ].join('\n');

/** Null for another version, or for no such file. A line that cannot be read, such as the last of a cut file, is left out. */
export function readLookupMemory(text: string): RememberedApp[] | null {
  const [version, ...lines] = text.split('\n');
  if (version !== versionLine) return null;
  return lines.flatMap((line) => readLine(line) ?? []);
}

function readLine(text: string): RememberedApp | undefined {
  const parts = line.exec(text);
  if (parts === null) return undefined;
  const [appId = 0, expiresAt = 0, asked = 0, askedAt = 0] = parts.slice(1, 5).map(Number);
  return { appId, expiresAt, asked, askedAt, knowledge: parts[5]! };
}
