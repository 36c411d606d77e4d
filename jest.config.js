import { availableParallelism } from 'node:os';

/** Native ESM; TypeScript by Node's own type stripping, the way the product itself runs. */
const project = {
  testEnvironment: 'node',
  // With what they test, so that `--watch` notices a change there.
  roots: ['packages', 'stacks', 'tests', 'tools'].map((directory) => `<rootDir>/${directory}`),
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tests/support/strip-types.js' },
};

/** Tests of pure code: they start no server and no other program. */
const unitTests = [
  'core/**/*',
  'cli/story/*',
  'cli/terminal/*',
  'adapters/igdb/game-rows',
  'adapters/igdb/rate-limiter',
  'adapters/steam/owned-games',
  'functions/runtime/env',
  'functions/runtime/log',
  'functions/runtime/metrics',
  'local/lambda-invocation',
  'local/local-env',
  'local/log-file',
  'local/slow-steps',
  'simulators/catalogue',
  'hostile/*',
].map((name) => `**/tests/${name}.test.ts`);

/** Outages and limits, which take their time. */
const chaosTests = '**/tests/chaos/**/*.test.ts';

const withPostgres = {
  ...project,
  globalSetup: '<rootDir>/tests/support/start-postgres.ts',
  globalTeardown: '<rootDir>/tests/support/stop-postgres.ts',
};

export default {
  projects: [
    { ...project, displayName: 'unit', testMatch: unitTests },
    {
      ...withPostgres,
      displayName: 'integration',
      testMatch: ['**/*.test.ts', ...[...unitTests, chaosTests].map((glob) => `!${glob}`)],
    },
    { ...withPostgres, displayName: 'chaos', testMatch: [chaosTests] },
  ],
  reporters: ['default', '<rootDir>/tests/support/summary-reporter.js'],
  coverageProvider: 'v8',
  coverageReporters: ['json'],
  collectCoverageFrom: ['packages/**/*.ts'],
  testSequencer: '<rootDir>/tests/support/slow-first.js',
  testTimeout: 60_000,
  // Tests wait for a third of their time, so that one more than there are cores is soonest done.
  maxWorkers: availableParallelism() + 1,
};
