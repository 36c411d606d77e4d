import { parseArgs } from 'node:util';
import { evaluate } from './evaluate.ts';

const { values } = parseArgs({ options: { stage: { type: 'string', default: 'production' } } });

const settings = Object.entries(process.env).filter(([name]) =>
  /^(DEPLOY_|AWS_(DEFAULT_)?REGION$)/.test(name),
);
const [graph] = await evaluate([{ stage: values.stage }], {
  environment: Object.fromEntries(settings) as Record<string, string>,
});
if (!graph || graph.errors.length > 0) {
  console.error(`The stack cannot be deployed:\n${graph?.errors.join('\n')}`);
  process.exitCode = 1;
} else {
  const resources = graph.resources.map(({ type, name, inputs }) => ({ type, name, inputs }));
  console.log(JSON.stringify(resources, null, 2));
}
