/** What a caller may do: everything, or ask for imports and read how they went. */
export type Scope = 'operate' | 'import';
export type ApiToken = { token: string; scope: Scope };

/** `import:<token>`: may not operate. */
const importPrefix = 'import:';

/**
 * The bearer tokens that a secret `api-token`, or API_TOKEN on one machine, holds: one, or several separated by commas
 * or line ends, so that an old and a new one both work while it is rotated.
 */
export const readTokens = (secret: string): ApiToken[] =>
  secret
    .split(/[,\n]/)
    .map((token) => token.trim())
    .filter((token) => token !== '' && token !== importPrefix)
    .map(
      (token): ApiToken =>
        token.startsWith(importPrefix)
          ? { token: token.slice(importPrefix.length), scope: 'import' }
          : { token, scope: 'operate' },
    );

/** The one to send, rather one that may operate; null when there is none. */
export function firstToken(secret: string | undefined): string | null {
  const tokens = readTokens(secret ?? '');
  return (tokens.find(({ scope }) => scope === 'operate') ?? tokens[0])?.token ?? null;
}
