/** Ends a run with one plain line that people and programs can read. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const counts = [`${results.numPassedTests} passed`, `${results.numFailedTests + broken} failed`];
    if (skipped > 0) counts.push(`${skipped} skipped`);
    // The default reporter writes to stderr; this line waits for it so that it is the last one.
    process.stderr.write('', () => process.stdout.write(`${counts.join(', ')}\n`));
  }
}
