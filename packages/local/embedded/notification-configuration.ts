import * as v from 'valibot';
import { escapeXml, unescapeXml } from './s3-request.ts';

/** One queue that hears of new objects, as in PutBucketNotificationConfiguration. */
export const QueueNotification = v.object({
  id: v.string(),
  queueArn: v.pipe(v.string(), v.regex(/^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]+$/)),
  events: v.pipe(v.array(v.pipe(v.string(), v.startsWith('s3:ObjectCreated:'))), v.minLength(1)),
  prefix: v.string(),
  suffix: v.string(),
});
export type QueueNotification = v.InferOutput<typeof QueueNotification>;

/**
 * Reads the body of PutBucketNotificationConfiguration.
 * @returns null for what this S3 cannot do: topics, functions, EventBridge, events other than ObjectCreated.
 */
export function parseNotificationXml(xml: string): QueueNotification[] | null {
  if (/<(TopicConfiguration|CloudFunctionConfiguration|EventBridgeConfiguration)\b/.test(xml)) return null;
  const configurations = elements(xml, 'QueueConfiguration').map((block, index) => ({
    id: elements(block, 'Id')[0] ?? `notification-${index + 1}`,
    queueArn: elements(block, 'Queue')[0],
    events: elements(block, 'Event'),
    ...parseFilter(block),
  }));
  const parsed = v.safeParse(v.array(QueueNotification), configurations);
  return parsed.success ? parsed.output : null;
}

function parseFilter(block: string): { prefix: string; suffix: string } {
  const filter = { prefix: '', suffix: '' };
  for (const rule of elements(block, 'FilterRule')) {
    const name = elements(rule, 'Name')[0]?.toLowerCase();
    if (name === 'prefix' || name === 'suffix') filter[name] = elements(rule, 'Value')[0] ?? '';
  }
  return filter;
}

/** The answer of GetBucketNotificationConfiguration. */
export function notificationXml(notifications: readonly QueueNotification[]): string {
  const blocks = notifications.map(({ id, queueArn, events, prefix, suffix }) => {
    const rules = filterRule('prefix', prefix) + filterRule('suffix', suffix);
    const filter = rules === '' ? '' : `<Filter><S3Key>${rules}</S3Key></Filter>`;
    const names = events.map((event) => `<Event>${escapeXml(event)}</Event>`).join('');
    return `<QueueConfiguration><Id>${escapeXml(id)}</Id><Queue>${escapeXml(queueArn)}</Queue>${names}${filter}</QueueConfiguration>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${blocks.join('')}</NotificationConfiguration>`;
}

const filterRule = (name: string, value: string) =>
  value === '' ? '' : `<FilterRule><Name>${name}</Name><Value>${escapeXml(value)}</Value></FilterRule>`;

/** Whether a queue asked for this event. `s3:ObjectCreated:*` covers every action. */
export function wants(notification: QueueNotification, action: string, key: string): boolean {
  const { events, prefix, suffix } = notification;
  const asked = events.includes('s3:ObjectCreated:*') || events.includes(`s3:ObjectCreated:${action}`);
  return asked && key.startsWith(prefix) && key.endsWith(suffix);
}

/** The contents of each `<name>` element: enough for S3's flat configuration, which nests no element in its own kind. */
function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map((match) =>
    match[1]!.includes('<') ? match[1]! : unescapeXml(match[1]!.trim()),
  );
}
