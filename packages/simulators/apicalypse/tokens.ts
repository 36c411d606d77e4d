import { QueryRefused } from './query.ts';

export type Token = { kind: 'word' | 'number' | 'string' | 'symbol' | 'end'; text: string };

/** White space, then one of: a dotted word (its last part may be `*`), a number, a string, a symbol. */
const pattern =
  /\s*(?:(?<word>[A-Za-z_]\w*(?:\.\w+)*(?:\.\*)?)|(?<number>-?\d+(?:\.\d+)?)|"(?<string>(?:[^"\\]|\\.)*)"|(?<symbol>!=|!~|>=|<=|[=~<>&|(){};,*]))/suy;

/** @throws QueryRefused at the first character that starts no token. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  pattern.lastIndex = 0;
  while (pattern.lastIndex < source.length) {
    const start = pattern.lastIndex;
    const groups = pattern.exec(source)?.groups;
    if (!groups)
      throw new QueryRefused('Syntax Error', `Unexpected input at '${source.slice(start, start + 20)}'`);
    if (groups.word !== undefined) tokens.push({ kind: 'word', text: groups.word });
    else if (groups.number !== undefined) tokens.push({ kind: 'number', text: groups.number });
    else if (groups.string !== undefined) tokens.push({ kind: 'string', text: readEscapes(groups.string) });
    else tokens.push({ kind: 'symbol', text: groups.symbol! });
  }
  return tokens;
}

/** Only `\"` and `\\` are escapes. */
function readEscapes(text: string): string {
  return text.replace(/\\(.)/gsu, (sequence, character: string) => {
    if (character !== '"' && character !== '\\') {
      throw new QueryRefused('Syntax Error', `Unknown escape '${sequence}' in a string`);
    }
    return character;
  });
}
