import type { SecretName } from '@savepoint/core/secrets.ts';
import { secretFault, secretWarning } from '@savepoint/core/secret-values.ts';

const igdbForm = 'must be JSON like {"client_id":"…","client_secret":"…"}';

test.each<[SecretName, string]>([
  ['steamApiKey', '5A3E901775AB1E5A3E901775AB1E0001'],
  ['steamApiKey', '5a3e901775ab1e5a3e901775ab1e0001\n'],
  ['igdbCredentials', '{"client_id":"abc","client_secret":"def"}'],
  ['databaseUrl', 'postgresql://me:word@db.example.com/games'],
  ['apiToken', 'one,two'],
  ['webhookKey', 'whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0'],
])('%s may be %j', (name, value) => expect(secretFault(name, value)).toBeNull());

test.each<[SecretName, string, string]>([
  ['steamApiKey', '', 'must be 32 hexadecimal digits'],
  ['steamApiKey', '5A3E901775AB1E', 'must be 32 hexadecimal digits'],
  ['igdbCredentials', 'abc:def', igdbForm],
  ['igdbCredentials', '["abc"]', igdbForm],
  ['igdbCredentials', '{"client_id":"abc"}', `${igdbForm}: client_secret is missing`],
  [
    'igdbCredentials',
    '{"client_id":"a b","client_secret":"def"}',
    `${igdbForm}: client_id must not hold blanks or line ends`,
  ],
  ['databaseUrl', 'mysql://db', 'must look like postgresql://user:password@host:5432/database'],
  ['apiToken', ' , ', 'must be one token, or several separated by commas or line ends'],
])('%s may not be %j', (name, value, fault) => expect(secretFault(name, value)).toBe(fault));

test.each([
  ['postgresql://me:word@db.example.com/games?sslmode=require', /^sslmode=require .*verify-full/],
  ['postgresql://me:word@db.example.com/games?a=b&sslmode=no-verify', /^sslmode=no-verify/],
  ['postgresql://me:word@localhost:5432/games', /the machine itself/],
])('of %s there is something to say', (value, warning) => {
  expect(secretWarning('databaseUrl', value)).toMatch(warning);
});

test('verified TLS is worth no word', () => {
  expect(secretWarning('databaseUrl', 'postgresql://me@db.example.com/games?sslmode=verify-full')).toBeNull();
  expect(secretWarning('apiToken', 'a')).toBeNull();
});
