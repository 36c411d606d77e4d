import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiToken, Scope } from '@savepoint/core/api-tokens.ts';

export { readTokens } from '@savepoint/core/api-tokens.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * What the token of an `Authorization` header may do; null where it carries none of these tokens. Takes the same time
 * for every wrong token.
 */
export function scopeOf(authorization: string | undefined, tokens: readonly ApiToken[]): Scope | null {
  const given = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return null;
  const wanted = digest(given);
  // Every token is compared, and by digest, so that neither their number nor their length can be timed.
  const fitting = tokens.filter(({ token }) => timingSafeEqual(wanted, digest(token)));
  return fitting.find(({ scope }) => scope === 'operate')?.scope ?? fitting[0]?.scope ?? null;
}

type Authorizer = {
  /** Of our own authorizer. */
  lambda?: { scope?: unknown } | null;
  /** Of an issuer: `scope` is a list of words, which some call `scp`. */
  jwt?: { claims?: { scope?: unknown; scp?: unknown }; scopes?: unknown };
};

/**
 * What the gateway in front has found out of a caller; it lets nobody through whom it does not know. Where no authorizer
 * was asked there was no gateway, whose guarded routes all have one (`tests/stacks`): a stack without tokens, or somebody
 * whom IAM lets invoke the function. What an authorizer says and nobody can read may not operate.
 * @param event of API Gateway; undefined where none is in front.
 * @param jwtScope the scope of a JWT that may operate.
 */
export function scopeByGateway(
  event: { requestContext?: { authorizer?: Authorizer } } | undefined,
  jwtScope = 'operate',
): Scope {
  const authorizer = event?.requestContext?.authorizer;
  if (authorizer === undefined) return 'operate';
  const { lambda, jwt } = authorizer;
  if (!jwt) return lambda?.scope === 'operate' ? 'operate' : 'import';
  const { claims, scopes } = jwt;
  const texts = [claims?.scope, claims?.scp, ...(Array.isArray(scopes) ? scopes : [])];
  const words = texts.flatMap((text) => String(text ?? '').split(/\s+/));
  return words.includes(jwtScope) ? 'operate' : 'import';
}
