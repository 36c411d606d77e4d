import type { SignIn } from '@savepoint/core/contracts/console-config.ts';
import * as oauth from 'oauth4webapi';

/** Signing in by OpenID Connect: authorization code with PKCE, of a public client. */

export type PreparedSignIn = {
  /** The issuer's page, which sends the answer back to `redirectUri`. */
  url: string;
  /** Tells this sign-in from others; the answer brings it back. */
  state: string;
  /** @param answer the query of the address that the issuer sent back. @returns the access token. @throws SignInFailed */
  finish(answer: URLSearchParams): Promise<string>;
};

/** Says in a sentence why nobody was signed in. */
export class SignInFailed extends Error {}

const deadlineMs = 10_000;

/** Asks the issuer for its addresses. @param redirectUri as it is registered there. @throws SignInFailed */
export async function prepareSignIn(
  { issuer, client_id, audience, scope }: SignIn,
  redirectUri: string,
): Promise<PreparedSignIn> {
  const address = new URL(issuer);
  const client: oauth.Client = { client_id };
  const options = () => ({
    signal: AbortSignal.timeout(deadlineMs),
    // For an issuer on the own machine.
    [oauth.allowInsecureRequests]: ['127.0.0.1', 'localhost'].includes(address.hostname),
  });
  const server = await oauth
    .discoveryRequest(address, options())
    .then((response) => oauth.processDiscoveryResponse(address, response))
    .catch((error) => {
      throw failed(`${address.origin}, which signs people in, does not say how.`, error);
    });
  if (!server.authorization_endpoint) throw new SignInFailed(`${address.origin} has no page to sign in on.`);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(server.authorization_endpoint);
  const query = {
    response_type: 'code',
    client_id,
    redirect_uri: redirectUri,
    scope: `openid ${scope}`,
    audience,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return {
    url: url.href,
    state,
    async finish(answer) {
      try {
        const valid = oauth.validateAuthResponse(server, client, answer, state);
        const response = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          oauth.None(),
          valid,
          redirectUri,
          verifier,
          options(),
        );
        const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
          expectedNonce: nonce,
          requireIdToken: true,
        });
        return tokens.access_token;
      } catch (error) {
        throw failed(`${address.origin} did not sign you in.`, error);
      }
    },
  };
}

/** The issuer's own words, where it said any, are shown as text; they are somebody else's, so not many of them. */
function failed(sentence: string, error: unknown): SignInFailed {
  const isSaid =
    error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError;
  const reason = isSaid
    ? ` It says: ${(error.error_description ?? error.error).slice(0, 200)}`
    : error instanceof Error
      ? ` (${error.message})`
      : '';
  return new SignInFailed(sentence + reason, { cause: error });
}
