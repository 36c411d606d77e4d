import { createHash, timingSafeEqual } from 'node:crypto';

export { readTokens } from '@savepoint/core/api-tokens.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Whether an `Authorization` header carries one of the tokens. Takes the same time for every wrong token. */
export function isAuthorized(authorization: string | undefined, tokens: readonly string[]): boolean {
  const given = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return false;
  const wanted = digest(given);
  // Every token is compared, and by digest, so that neither their number nor their length can be timed.
  return tokens.map((token) => timingSafeEqual(wanted, digest(token))).includes(true);
}
