import type { Secret } from '@savepoint/adapters/secrets/secret.ts';
import { IgdbApiError } from '@savepoint/core/errors.ts';
import * as v from 'valibot';

const Credentials = v.object({
  client_id: v.pipe(v.string(), v.trim(), v.nonEmpty()),
  client_secret: v.pipe(v.string(), v.trim(), v.nonEmpty()),
});

/** Reads the secret's JSON `{"client_id","client_secret"}`. @throws IgdbApiError IGDB_CREDENTIALS_INVALID */
export const igdbCredentials =
  (secret: Secret) =>
  async (options?: { refresh: boolean }): Promise<{ clientId: string; clientSecret: string }> => {
    const text = await secret(options);
    const credentials = parse(text);
    if (credentials) return { clientId: credentials.client_id, clientSecret: credentials.client_secret };
    throw new IgdbApiError(
      'IGDB_CREDENTIALS_INVALID',
      'The service is not set up yet: its IGDB credentials are not usable.',
      {
        retryable: false,
        operatorHint: 'The secret igdb-credentials must be JSON: {"client_id": "…", "client_secret": "…"}.',
      },
    );
  };

function parse(text: string): v.InferOutput<typeof Credentials> | undefined {
  try {
    const parsed = v.safeParse(Credentials, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
