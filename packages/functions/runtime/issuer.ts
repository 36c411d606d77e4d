import { SignIn } from '@savepoint/core/contracts/console-config.ts';
import * as v from 'valibot';
import { parseVariables } from './env.ts';

/** What the deployment tells of the issuer of JWTs (stacks/api.ts). */
const variables = {
  /** The scope of those who may do everything. */
  JWT_SCOPE: v.optional(v.string(), 'operate'),
  SIGN_IN: v.optional(v.pipe(v.string(), v.parseJson(), SignIn)),
};

export type Issuer = {
  scope: string;
  /** Null: the console signs nobody in. */
  signIn: SignIn | null;
};

/** @throws ValidationError ENV_INVALID */
export function issuerTold(source: Readonly<Record<string, string | undefined>>): Issuer {
  const { JWT_SCOPE: scope, SIGN_IN: signIn = null } = parseVariables(variables, source);
  return { scope, signIn };
}
