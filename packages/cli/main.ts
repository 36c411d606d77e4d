import { explainFailure } from './failure.ts';
import { createProgram } from './program.ts';
import { harmless, harmlessJson } from './terminal/plain-text.ts';

// Whoever reads us may have seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`savepoint: The output cannot be written (${error.code}).\n`);
  process.exit(1);
});

const typed = process.argv.slice(2);
// Commander's own help stops at the first word: `help dlq redrive`.
const words = typed[0] === 'help' && typed.length > 1 ? [...typed.slice(1), '--help'] : typed;
// Also of words that cannot be understood.
const json = words.includes('--json');

try {
  const program = await createProgram(words);
  await program.parseAsync(words, { from: 'user' });
} catch (error) {
  const { exitCode, code, sentence, isTold } = explainFailure(error);
  if (json && exitCode !== 0)
    process.stderr.write(`${harmlessJson({ error: { code, message: sentence }, exit_code: exitCode })}\n`);
  else if (!isTold) process.stderr.write(`savepoint: ${harmless(sentence)}\n`);
  process.exitCode = exitCode;
}
