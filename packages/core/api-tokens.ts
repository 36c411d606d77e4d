/**
 * The bearer tokens that a secret `api-token`, or API_TOKEN on one machine, holds: one, or several separated by commas
 * or line ends, so that an old and a new one both work while it is rotated.
 */
export const readTokens = (secret: string): string[] =>
  secret
    .split(/[,\n]/)
    .map((token) => token.trim())
    .filter((token) => token !== '');

/** The one to send; null when there is none. */
export const firstToken = (secret: string | undefined): string | null => readTokens(secret ?? '')[0] ?? null;
