#!/usr/bin/env node
import { explainFailure } from './failure.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  const { exitCode, sentence } = explainFailure(error);
  if (sentence !== null) process.stderr.write(`savepoint: ${sentence}\n`);
  process.exitCode = exitCode;
}
