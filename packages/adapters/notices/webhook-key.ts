import * as v from 'valibot';

/**
 * A signing key as Standard Webhooks writes it: padded base64, with or without `whsec_` before it. Their libraries
 * refuse other text, or read it differently from language to language, so that no receiver could verify.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhookKey = v.pipe(
  v.string(),
  v.regex(
    /^(whsec_)?(?=.)([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'must be base64, with or without whsec_ before it; make one with: openssl rand -base64 32',
  ),
);
