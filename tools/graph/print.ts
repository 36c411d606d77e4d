import { parseArgs } from 'node:util';
import { evaluate } from './evaluate.ts';
import { settingsGiven } from './settings-given.ts';

const { values } = parseArgs({ options: { stage: { type: 'string', default: 'production' } } });

const [graph] = await evaluate([{ stage: values.stage }], {
  environment: settingsGiven(process.env),
});
if (!graph || graph.errors.length > 0) {
  console.error(`The stack cannot be deployed:\n${graph?.errors.join('\n')}`);
  process.exitCode = 1;
} else {
  const resources = graph.resources.map(({ type, name, inputs }) => ({ type, name, inputs }));
  console.log(JSON.stringify(resources, null, 2));
}
