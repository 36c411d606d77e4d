import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { PipelineError } from '@savepoint/core/errors.ts';
import { awsClientOptions, awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';

export type LogEventFilter = { groups: readonly string[]; since: Date; text: string; max: number };

/**
 * Log lines that hold a text, as they were written, from several groups; a group that is not there has none.
 * @param filter.max as many of each group at most.
 * @throws PipelineError LOGS_UNAVAILABLE
 */
export async function readLogEvents(
  { groups, since, text, max }: LogEventFilter,
  endpoint: AwsEndpoint,
): Promise<{ lines: string[]; truncated: boolean }> {
  const client = new CloudWatchLogsClient(awsClientOptions(endpoint, awsLimits.logs));
  try {
    const pages = await Promise.all(groups.map((group) => readGroup(client, group, { since, text, max })));
    return {
      lines: pages.flatMap(({ lines }) => lines),
      truncated: pages.some(({ truncated }) => truncated),
    };
  } catch (error) {
    const reason = (error as Error).name;
    throw new PipelineError('LOGS_UNAVAILABLE', 'The logs cannot be read.', {
      retryable: true,
      operatorHint: `CloudWatch Logs did not answer as it should (${reason}). Look at your AWS credentials: they need logs:FilterLogEvents.`,
      details: { reason },
      cause: error,
    });
  } finally {
    client.destroy();
  }
}

async function readGroup(
  client: CloudWatchLogsClient,
  group: string,
  { since, text, max }: Omit<LogEventFilter, 'groups'>,
): Promise<{ lines: string[]; truncated: boolean }> {
  const lines: string[] = [];
  const pages = paginateFilterLogEvents(
    { client },
    {
      logGroupName: group,
      startTime: since.getTime(),
      ...(text !== '' && { filterPattern: JSON.stringify(text) }),
    },
  );
  try {
    for await (const { events = [] } of pages) {
      lines.push(...events.flatMap(({ message }) => message?.trim() ?? []));
      if (lines.length > max) return { lines: lines.slice(0, max), truncated: true };
    }
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
  }
  return { lines, truncated: false };
}
