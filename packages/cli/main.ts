import { explainFailure } from './failure.ts';
import { createProgram } from './program.ts';

// Whoever reads us may have seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`savepoint: The output cannot be written (${error.code}).\n`);
  process.exit(1);
});

try {
  const program = await createProgram(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  const { exitCode, sentence } = explainFailure(error);
  if (sentence !== null) process.stderr.write(`savepoint: ${sentence}\n`);
  process.exitCode = exitCode;
}
