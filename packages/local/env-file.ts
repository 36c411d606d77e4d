import { readFileSync } from 'node:fs';
import { ValidationError } from '@savepoint/core/errors.ts';

/**
 * Reads a `.env` file the way people mean it: UTF-8 or UTF-16 with or without a byte order mark, any line ends,
 * `export`, quotes (in double ones `\n` is a line end; quoted values may go over several lines) and comments. A `#`
 * begins a comment only behind a blank, so that `p#ss` stays whole.
 * @returns the variables in order; none when there is no such file.
 * @throws ValidationError ENV_FILE_INVALID naming the line, never a value: nothing is passed over in silence.
 */
export function readEnvFile(path: string): Record<string, string> {
  const text = decode(path, readBytes(path)).replace(/\r\n?/g, '\n');
  const variables: Record<string, string> = {};
  for (let at = 0; ; ) {
    at += /^(?:\s|#.*)*/.exec(text.slice(at))![0].length;
    const rest = text.slice(at);
    if (rest === '') return variables;
    const begunAt = at;
    // Counted for a fault alone: for each variable it would take the square of the file's length.
    const fault = (reason: string) => invalid(path, text.slice(0, begunAt).split('\n').length, reason);
    const named = /^(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*/.exec(rest);
    if (named === null) throw fault('is not NAME=value');
    const [head, name = ''] = named;
    const { value, length } = readValue(rest.slice(head.length), (reason) => fault(`${name} ${reason}`));
    variables[name] = value;
    at += head.length + length;
  }
}

/** A value and the length of what it took, up to the end of its line. */
function readValue(text: string, fault: (reason: string) => Error): { value: string; length: number } {
  const quote = text[0] ?? '';
  if (!/["'`]/.test(quote)) {
    const line = /^.*/.exec(text)![0];
    if (/^[“”„‘’‚«»]/.test(line)) throw fault('begins with a typographic quote; write " or \' instead');
    return { value: line.replace(/(^|\s)#.*$/, '').trim(), length: line.length };
  }
  const quoted = quote === '"' ? /^"((?:\\.|[^"\\])*)"/s : quote === "'" ? /^'([^']*)'/ : /^`([^`]*)`/;
  const [whole = '', inner = ''] = quoted.exec(text) ?? [];
  if (whole === '') throw fault(`begins with ${quote} and never ends`);
  const behind = /^.*/.exec(text.slice(whole.length))![0];
  if (!/^[ \t]*(#.*)?$/.test(behind)) throw fault('has text behind its closing quote');
  return { value: quote === '"' ? withoutEscapes(inner) : inner, length: whole.length + behind.length };
}

/** Other backslashes stay: a password may have one. */
const withoutEscapes = (text: string) =>
  text.replace(/\\([nrt"\\])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter);

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return new Uint8Array();
    throw new ValidationError('ENV_FILE_INVALID', `${path} cannot be read (${code}).`);
  }
}

/** A file without a mark is UTF-16 when it has zero bytes, which no text in UTF-8 has. */
function decode(path: string, bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const isLittleEndian = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const encoding = isBigEndian ? 'utf-16be' : isLittleEndian ? 'utf-16le' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below.
  }
  throw new ValidationError('ENV_FILE_INVALID', `${path} is neither UTF-8 nor UTF-16; save it as UTF-8.`);
}

const invalid = (path: string, line: number, reason: string) =>
  new ValidationError(
    'ENV_FILE_INVALID',
    `${path} is unusable: line ${line}${reason.startsWith('is') ? '' : ','} ${reason}.`,
  );
