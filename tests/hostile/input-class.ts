import fc from 'fast-check';
import { PipelineError } from '@savepoint/core/errors.ts';

/** A way in for what comes from outside, and how the pipeline must take whatever comes. */
export type InputClass<Input = unknown> = {
  name: string;
  /** Bad inputs that somebody thought of, by what is bad about them. */
  named: readonly (readonly [what: string, input: Input])[];
  generated: fc.Arbitrary<Input>;
  /** @throws Error saying what went wrong. */
  check(input: Input): Promise<void> | void;
};

/** So many of each class, 10,000 and more in all. */
export const generatedRuns = 1300;

/** In whatever is configured; must never be told again. */
export const canary = 'CANARYsecretCANARYsecret00000000';

/** Nothing but an error that says what to do, in a line that fits a screen and tells no secret. */
export function expectRefusal(thrown: unknown): PipelineError {
  if (!(thrown instanceof PipelineError))
    throw new Error(`not a refusal but ${String(thrown)}`, { cause: thrown });
  if (!/^[A-Z][A-Z0-9_]+$/.test(thrown.code)) throw new Error(`${thrown.code} is no code`);
  if (thrown.message.length > 2000) throw new Error(`a message of ${thrown.message.length} characters`);
  if (thrown.message.includes(canary)) throw new Error('the message tells a secret');
  return thrown;
}

/** Text that people, programs and attackers send: words of the domain, controls, surrogates, escapes, other scripts. */
export const nastyText = (words: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...words),
        fc.string({ maxLength: 12 }),
        fc.string({ unit: 'binary', maxLength: 6 }),
        fc.constantFrom(
          '\0',
          '\u001b[2J',
          '\u202e',
          '\ud800',
          '%00',
          '%2e%2e%2f',
          '../',
          '"',
          "'",
          '\\',
          ';',
          '--',
          '\r\n',
          '{',
          '[',
          '__proto__',
          'constructor',
          '１２３',
          '𝟠',
          '\ufeff',
        ),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(''));

export const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text;

export async function* inChunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Values of JSON as nobody documented them. */
export const anyJson = fc.jsonValue({ maxDepth: 4 });
