import { resolve } from 'node:path';

const inRoot = (path: string) => resolve(import.meta.dirname, '../..', path);
const coverageDirectory = process.env.PROGRAM_COVERAGE_DIRECTORY;

/** What a program that a test starts finds in its environment beside what the test gives it. */
export const programEnvironment: Record<string, string> =
  coverageDirectory === undefined
    ? // The same programs start dozens of times: what Node compiled once it need not strip and compile again.
      { NODE_COMPILE_CACHE: inRoot('node_modules/.cache/tests-compiled') }
    : { NODE_V8_COVERAGE: coverageDirectory };
