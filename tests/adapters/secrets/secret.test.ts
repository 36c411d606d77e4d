import { fixedSecret, secretsManagerSecret } from '@savepoint/adapters/secrets/secret.ts';
import { failureOf } from '../../support/failure.ts';
import { everythingOf, sendJson, withServer } from '../http/test-server.ts';

const secretId = 'savepoint/test/steam-api-key';
type Answer = { status?: number; body: object };

/** A Secrets Manager that gives these answers, one after another, the last one for ever. */
const withSecrets = (
  answers: Answer[],
  use: (secret: ReturnType<typeof secretsManagerSecret>, asked: () => unknown[]) => Promise<void>,
) =>
  withServer(
    (_request, response) => {
      const { status = 200, body } = answers.length > 1 ? answers.shift()! : answers[0]!;
      sendJson(response, body, status);
    },
    ({ url, received }) =>
      use(secretsManagerSecret(secretId, { region: 'us-east-1', endpointUrl: url }), () =>
        received.map(({ headers, body }) => [headers['x-amz-target'], JSON.parse(body)]),
      ),
  );
const value = (SecretString: string): Answer => ({ body: { Name: secretId, SecretString } });
const refusal = (type: string, status = 400): Answer => ({
  status,
  body: { __type: type, message: `no ${type}` },
});

const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'CANARY-aws' };
const before = { ...process.env };
beforeAll(() => Object.assign(process.env, credentials));
afterAll(() => {
  process.env = before;
});

test('a secret is fetched once, trimmed, kept, and fetched again on request', () =>
  withSecrets([value(' first\n'), value('second')], async (secret, asked) => {
    expect(await Promise.all([secret(), secret()])).toEqual(['first', 'first']);
    expect(await secret({ refresh: false })).toBe('first');
    expect(asked()).toEqual([['secretsmanager.GetSecretValue', { SecretId: secretId }]]);
    expect(await secret({ refresh: true })).toBe('second');
    expect(await secret()).toBe('second');
    expect(asked()).toHaveLength(2);
  }));

test.each([
  ['blank', value(' \n')],
  ['without a value yet', refusal('ResourceNotFoundException')],
  ['binary', { body: { Name: secretId, SecretBinary: 'AAAA' } }],
])('a secret that is %s tells the command that fills it', (_what, answer) =>
  withSecrets([answer], async (secret) => {
    expect(await failureOf(secret)).toMatchObject({
      code: 'SECRET_EMPTY',
      retryable: true,
      operatorHint: expect.stringContaining(
        `aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string`,
      ),
    });
  }),
);

test('a failure is not kept: the next call asks again', () =>
  withSecrets([refusal('ResourceNotFoundException'), value('filled')], async (secret) => {
    await failureOf(secret);
    expect(await secret()).toBe('filled');
  }));

test('a refusal names the secret and the fault, and shows neither the value nor any credential', () =>
  withSecrets([value('CANARY-value'), refusal('AccessDeniedException')], async (secret) => {
    expect(await secret()).toBe('CANARY-value');
    const failure = await failureOf(() => secret({ refresh: true }));
    expect(failure).toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      retryable: true,
      details: { secret_id: secretId, reason: 'AccessDeniedException' },
    });
    expect(everythingOf(failure)).not.toContain('CANARY');
    // Nor does the failure take the place of the value at the next call.
    expect((await failureOf(secret)).code).toBe('SECRET_UNAVAILABLE');
  }));

test('a fixed secret is what it is', async () => {
  expect(await fixedSecret('x')({ refresh: true })).toBe('x');
});
