import { nameFaults, nameLimits } from '@savepoint/core/deployment/name-limits.ts';
import { accountFaults, deploymentFaults } from '@savepoint/core/deployment/preconditions.ts';

const complete = { AWS_REGION: 'eu-central-1', DEPLOY_ALARM_EMAIL: 'ops@example.com' };

test.each(['production', 'dev', 'pr-1234', 'x'.repeat(38)])('%s can be deployed', (stage) => {
  expect(deploymentFaults(stage, complete)).toEqual([]);
});

test('a name of 39 characters is too long for a function', () => {
  const name = `savepoint-${'x'.repeat(39)}-igdb-enrichment`;
  expect(name).toHaveLength(nameLimits.function + 1);
  expect(nameFaults('x'.repeat(39))).toEqual([
    `The name ${'x'.repeat(39)} is too long by 1: its function ${name} would have 65 characters, and AWS takes 64. At most 38 are left for it.`,
  ]);
});

test('everything that is wrong is said at once', () => {
  const faults = deploymentFaults('production', {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:5000',
    DEPLOY_LOG_LEVEL: 'loud',
    DEPLOY_JWT_ISSUER: 'https://issuer.example',
  });
  expect(faults.map((fault) => fault.split(' ').slice(0, 4).join(' '))).toEqual([
    'AWS_REGION is not set:',
    'AWS_ENDPOINT_URL is set: SST',
    'DEPLOY_ALARM_EMAIL is not set:',
    'DEPLOY_LOG_LEVEL must be one',
    'DEPLOY_JWT_ISSUER and DEPLOY_JWT_AUDIENCE belong',
  ]);
});

test('production may say that nobody is told; another deployment need not say anything', () => {
  expect(deploymentFaults('production', { ...complete, DEPLOY_ALARM_EMAIL: 'none' })).toEqual([]);
  expect(deploymentFaults('dev', { AWS_DEFAULT_REGION: 'eu-central-1' })).toEqual([]);
});

test('another account than the configured one is refused', () => {
  const expected = { DEPLOY_AWS_ACCOUNT_ID: '111122223333' };
  expect(accountFaults('444455556666', expected)).toEqual([
    'The credentials belong to account 444455556666, but DEPLOY_AWS_ACCOUNT_ID asks for 111122223333.',
  ]);
  expect(accountFaults('111122223333', expected)).toEqual([]);
  expect(accountFaults('444455556666', {})).toEqual([]);
  expect(accountFaults(undefined, expected)).toEqual([]);
});
