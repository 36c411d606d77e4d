import * as v from 'valibot';
import { type SecretDescription, type SecretName, secrets } from './secrets.ts';

/** What a deployment's secret must hold, beyond what one machine takes: nothing simulates Steam there. */
const strict: Partial<Record<SecretName, v.GenericSchema<string, string>>> = {
  steamApiKey: v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{32}$/, 'must be 32 hexadecimal digits')),
};

/**
 * Why a text cannot be the value of a secret in Secrets Manager, as in “it …”; null when it can. Never repeats it.
 */
export function secretFault(name: SecretName, value: string): string | null {
  const { format, variables }: SecretDescription = secrets[name];
  if (typeof variables !== 'string') return propertiesFault(Object.keys(variables), format, value);
  return faultOf(strict[name] ?? format, value.trim());
}

function propertiesFault(properties: string[], format: v.GenericSchema<string, string>, value: string) {
  const form = `must be JSON like {${properties.map((property) => `"${property}":"…"`).join(',')}}`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return form;
  }
  const given = v.safeParse(v.record(v.string(), v.unknown()), parsed);
  if (!given.success || Array.isArray(parsed)) return form;
  const faults = properties.flatMap((property) => {
    const fault = faultOf(format, given.output[property]);
    return fault === null
      ? []
      : [`${property} ${given.output[property] === undefined ? 'is missing' : fault}`];
  });
  return faults.length === 0 ? null : `${form}: ${faults.join(', ')}`;
}

const faultOf = (schema: v.GenericSchema<string, string>, value: unknown): string | null =>
  v.safeParse(schema, value).issues?.[0].message ?? null;

/** What works but is likely not meant; null when there is nothing to say. */
export function secretWarning(name: SecretName, value: string): string | null {
  if (name !== 'databaseUrl') return null;
  const sslMode = /[?&]sslmode=([\w-]+)/.exec(value)?.[1];
  if (sslMode === 'require' || sslMode === 'no-verify')
    return `sslmode=${sslMode} encrypts without looking whose certificate it is, so that anybody in between can read along; write sslmode=verify-full, or leave it out, which is the same.`;
  if (/@(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(value))
    return 'the address is of the machine itself, which in the cloud is the function.';
  return null;
}
