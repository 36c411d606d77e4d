import type { AppKnowledge } from './checkpoint.ts';

/**
 * `state/lookup-memory.zst`: what all instances of the enrichment learnt of apps, and nothing of people. Lines of text: the
 * form's version, then a line an app. Of a line only the head is read until somebody asks for the app.
 */
export type RememberedApp = {
  appId: AppKnowledge['appId'];
  /** When Steam or IGDB said it, in Unix seconds: of two answers the later holds, however long it may be believed. */
  learntAt: number;
  /** Unix seconds. */
  expiresAt: number;
  /** How often it was asked for, and when last, in Unix seconds. */
  asked: number;
  askedAt: number;
  /** AppKnowledge as JSON. */
  knowledge: string;
};

const versionLine = 'savepoint look-up memory 2';
/** The head is five whole numbers; JSON has no tab in it. */
const line = /^(\d{1,10})\t(\d{1,11})\t(\d{1,11})\t(\d{1,9})\t(\d{1,11})\t(\{.*\})$/;

/** Line by line: as one text it would be the largest thing in the function's memory. */
export function* writeLookupMemory(apps: Iterable<RememberedApp>): Generator<string> {
  yield `${versionLine}\n`;
  for (const { appId, learntAt, expiresAt, asked, askedAt, knowledge } of apps)
    yield `${[appId, learntAt, expiresAt, asked, askedAt, knowledge].join('\t')}\n`;
}

/**
 * None of another version, or of no such file. A line that cannot be read, such as the last of a cut file, is left out.
 * @throws what the chunks throw, after the lines before that
 */
export async function readLookupMemory(chunks: AsyncIterable<Uint8Array>): Promise<RememberedApp[]> {
  const apps: RememberedApp[] = [];
  const decoder = new TextDecoder();
  let isFirst = true;
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineChars) return apps;
    if (isFirst && lines.length > 0) {
      if (lines[0] !== versionLine) return [];
      isFirst = false;
    }
    apps.push(...lines.flatMap((text) => readLine(text) ?? []));
  }
  return apps;
}

/** A line has some 5,000; only one without an end has as many, which is not collected. */
const maxLineChars = 1024 * 1024;

function readLine(text: string): RememberedApp | undefined {
  const parts = line.exec(text);
  if (parts === null) return undefined;
  const [appId = 0, learntAt = 0, expiresAt = 0, asked = 0, askedAt = 0] = parts.slice(1, 6).map(Number);
  return { appId, learntAt, expiresAt, asked, askedAt, knowledge: parts[6]! };
}
