import { functionNames } from '../packages/core/secrets.ts';
import { namesPeople } from '../packages/core/log-key.ts';
import type { Deployment } from './deployment.ts';
import { componentName } from './deployment.ts';

/** Questions to the functions' logs, in the console under CloudWatch → Logs Insights → Saved queries. */
const queries = {
  /** `trace_id` is the same over all stages and attempts of a run; `savepoint logs <import> --json` shows it. */
  'all-of-one-import': [
    'fields @timestamp, service, message, attempt, outcome, error_code, duration_ms',
    'filter trace_id = "PUT THE trace_id OF THE IMPORT HERE"',
    'sort @timestamp asc',
    'limit 1000',
  ],
  slowest: [
    'filter ispresent(duration_ms) and ispresent(outcome)',
    'sort duration_ms desc',
    'display @timestamp, stage, import_id, duration_ms, parts_ms.steam, parts_ms.s3, parts_ms.database, trace_id',
    'limit 50',
  ],
  'errors-by-code': [
    'filter ispresent(error_code)',
    'stats count(*) as failures, latest(@timestamp) as last, latest(error_message) as said by stage, error_code, retryable',
    'sort failures desc',
  ],
};

export function createSavedQueries({ name }: Deployment): void {
  const logGroupNames = functionNames
    .filter(namesPeople)
    .map((functionName) => `/aws/lambda/${name}-${functionName}`);
  for (const [title, lines] of Object.entries(queries))
    new aws.cloudwatch.QueryDefinition(`Query${componentName(title)}`, {
      name: `${name}/${title}`,
      queryString: lines.join('\n| '),
      logGroupNames,
    });
}
