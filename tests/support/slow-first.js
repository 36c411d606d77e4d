import Sequencer from '@jest/test-sequencer';

/** Those that take tens of seconds, the longest first. */
const slow = [
  'cli/savepoint',
  'stacks/mutations',
  'console/dead-letters',
  'console/access',
  'local/start',
  'local/embedded/postgres',
  'integration/pipeline',
  'stacks/bundled-flow',
  'stacks/bundles',
  'cli/demo',
  'adapters/postgres/load-order',
  'local/event-source-mapping',
];

/**
 * Jest knows how long tests take only after their first run on a machine, so that a fresh checkout would begin the
 * longest ones last, when nothing is left to run beside them.
 */
export default class SlowFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = slow.findIndex((name) => path.endsWith(`/tests/${name}.test.ts`));
      return index < 0 ? slow.length : index;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
