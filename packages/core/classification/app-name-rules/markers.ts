/** Building blocks of the name rules: where in a name a marker counts as one. */

/** Not inside a Latin word; right after a digit, `_` or a Chinese character is a start too. */
const wordStart = String.raw`(?<!\p{Script=Latin})`;
const notFirst = '(?<!^)';
const opening = '[([{<【《「『]';
const closing = String.raw`[)\]}>】》」』]`;
const notBracket = String.raw`[^()[\]{}<>【】《》「」『』]`;
const any = (words: readonly string[]): string => `${wordStart}(?:${words.join('|')})`;

/** `Parcel Demo`, `Escalation_Demo`; never the marker alone, which is then the title (`Expansion` is a game). */
export const atEnd = (...words: string[]): RegExp => new RegExp(`${notFirst}${any(words)}$`, 'iu');

/** As `atEnd`, and `Snowdome (Demo)`, `[DEMO] Tale`, `Wildshape (free demo)`, `Demo [v1.0]`. */
export const atEndOrInBrackets = (...words: string[]): RegExp =>
  new RegExp(
    [
      `${notFirst}${any(words)}$`,
      String.raw`${opening}${notBracket}*${any(words)}\s*${closing}`,
      String.raw`${notFirst}${any(words)}\s*${opening}${notBracket}*${closing}$`,
    ].join('|'),
    'iu',
  );

/**
 * A Steam name in the form that the rules are written for: one kind of bracket, space, quote and dash (NFKC
 * turns `（DEMO）` into `(DEMO)`), no trade mark signs, and no ornament at the end.
 */
export const readableName = (name: string): string =>
  name
    .replace(/[™℠©®]/g, '')
    .normalize('NFKC')
    .replace(/\p{Cf}|\p{Emoji_Presentation}|\uFE0F/gu, '')
    .replace(/[’‘`´]/g, "'")
    .replace(/[‐-―−]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/[\s!?."~·-]+$/u, '')
    .trim();
