import { stageNames, stages } from '../../packages/core/topology.ts';
import type { Resource } from './job.ts';

/** AWS's list prices in us-east-1 (November 2026), in USD, without the free tier. */
const prices = {
  alarmMonth: 0.1,
  compositeAlarmMonth: 0.5,
  dashboardMonth: 3,
  customMetricMonth: 0.3,
  secretMonth: 0.4,
  lambdaArmGbSecond: 0.0000133334,
  lambdaRequest: 0.2e-6,
  sqsRequest: 0.4e-6,
  httpApiRequest: 1e-6,
  s3Write: 5e-6,
  s3Read: 0.4e-6,
  s3GbMonth: 0.023,
  logGb: 0.5,
  interfaceEndpointHour: 0.01,
};

const hoursPerMonth = 730;
/** Lambda keeps five long polls of 20 s open on each queue. */
const pollsPerQueueAndHour = 5 * 180;
const reconcileSeconds = 2;
const followSeconds = 0.5;

/** One import of a library of 1,000 games; seconds of work as measured locally, with the network added. */
const perImport = {
  stageSeconds: { 'steam-import': 3, 'igdb-enrichment': 10, 'database-import': 4 },
  /** The POST, and somebody who watches it finish. */
  apiCalls: 11,
  apiSeconds: 0.1,
  sqsRequests: 15,
  /** Two library files, the library for reading, the status of three stages, the index and the marker of what is open. */
  s3Writes: 18,
  s3Reads: 33,
  storedMb: 0.8,
  logKb: 10,
};
export const importsPriced = 1000;

export type Cost = { item: string; usd: number };

/** What a month costs in which nobody imports anything. */
export function idleMonth(resources: Resource[]): Cost[] {
  const count = (type: string) => resources.filter((each) => each.type.endsWith(`:${type}`)).length;
  const rates = resources
    .filter(({ type }) => type.endsWith(':Schedule'))
    .map(({ inputs }) => String(inputs.scheduleExpression));
  const followRuns = sum(rates.filter(isOfMinutes).map(runsPerMonth));
  const runs = sum(rates.filter((rate) => !isOfMinutes(rate)).map(runsPerMonth));
  const queues = count('EventSourceMapping');
  const reconcileGb = memoryGb(resources, 'ReconcileFunction');
  return [
    { item: `${count('MetricAlarm')} alarms`, usd: count('MetricAlarm') * prices.alarmMonth },
    {
      item: `${count('CompositeAlarm')} mails about parts and outages, where an address is set`,
      usd: count('CompositeAlarm') * prices.compositeAlarmMonth,
    },
    { item: `${count('Secret')} secrets`, usd: count('Secret') * prices.secretMonth },
    { item: `${count('Dashboard')} dashboard`, usd: count('Dashboard') * prices.dashboardMonth },
    {
      item: `polling ${queues} queues`,
      usd: queues * pollsPerQueueAndHour * hoursPerMonth * prices.sqsRequest,
    },
    {
      item: 'looking for lost events every hour',
      usd: runs * (lambda(reconcileSeconds, reconcileGb) + 3 * prices.s3Write),
    },
    {
      item: 'looking for followed libraries every five minutes',
      // Two lists and the position; a list costs what a write does.
      usd: followRuns * (lambda(followSeconds, memoryGb(resources, 'FollowFunction')) + 3 * prices.s3Write),
    },
  ];
}

/** What the endpoints of a private network cost in a month, beside $0.01 for each GB through them. */
export function networkMonth(resources: Resource[]): Cost[] {
  const endpoints = resources.filter(({ type }) => type.endsWith(':VpcEndpoint'));
  const interfaces = endpoints.filter(({ inputs }) => inputs.vpcEndpointType === 'Interface');
  const zones = sum(interfaces.map(({ inputs }) => (inputs.subnetIds as string[]).length));
  return [
    {
      item: `${interfaces.length} interface endpoints (SQS, Secrets Manager) in ${zones / interfaces.length} subnets`,
      usd: zones * hoursPerMonth * prices.interfaceEndpointHour,
    },
    { item: `${endpoints.length - interfaces.length} gateway endpoint (S3)`, usd: 0 },
  ];
}

/** Of `rate(5 minutes)`, `rate(1 hour)` or `rate(1 day)`. */
function runsPerMonth(rate: string): number {
  const count = Number(/\d+/.exec(rate)?.[0]);
  if (isOfMinutes(rate)) return (hoursPerMonth * 60) / count;
  return (rate.includes('hour') ? hoursPerMonth : hoursPerMonth / 24) / count;
}
const isOfMinutes = (rate: string): boolean => rate.includes('minute');

/** Names that the stages write, each stage its own: see packages/functions/runtime/metrics.ts. */
const ownMetrics = 21;

/** What a thousand imports cost beyond that. */
export function thousandImports(resources: Resource[]): Cost[] {
  const apiGb = memoryGb(resources, 'ApiFunction');
  const lifecycleDays = 90;
  const work = stageNames.map((name) => lambda(perImport.stageSeconds[name], stages[name].memoryMb / 1024));
  const one: Cost[] = [
    { item: 'the three stages (Lambda)', usd: sum(work) },
    {
      item: 'the API (Lambda and API Gateway)',
      usd: perImport.apiCalls * (lambda(perImport.apiSeconds, apiGb) + prices.httpApiRequest),
    },
    {
      item: 'reading and writing S3',
      usd: perImport.s3Writes * prices.s3Write + perImport.s3Reads * prices.s3Read,
    },
    {
      item: `keeping the files for ${lifecycleDays} days`,
      usd: (perImport.storedMb / 1024) * (lifecycleDays / 30) * prices.s3GbMonth,
    },
    {
      item: 'queues and logs',
      usd: perImport.sqsRequests * prices.sqsRequest + (perImport.logKb / 1024 ** 2) * prices.logGb,
    },
  ];
  return [
    ...one.map(({ item, usd }) => ({ item, usd: usd * importsPriced })),
    { item: `${ownMetrics} metrics of our own, for the month`, usd: ownMetrics * prices.customMetricMonth },
  ];
}

/** A search waits for IGDB, and the API for the search. */
const searchSeconds = 1;

/** What a thousand searches for a game cost: nothing of them runs while nobody searches. */
export const thousandSearches = (resources: Resource[]): number =>
  1000 *
  (lambda(searchSeconds, memoryGb(resources, 'IgdbSearchFunction')) +
    lambda(searchSeconds, memoryGb(resources, 'ApiFunction')) +
    prices.httpApiRequest);

export const totalUsd = (costs: Cost[]): number => sum(costs.map(({ usd }) => usd));

/** As a table of the documentation shows it. */
export const costTable = (costs: Cost[]): string[] => [
  ...costs.map(({ item, usd }) => `| ${item} | $${usd.toFixed(2)} |`),
  `| **together** | **$${totalUsd(costs).toFixed(2)}** |`,
];

const lambda = (seconds: number, gigabytes: number) =>
  seconds * gigabytes * prices.lambdaArmGbSecond + prices.lambdaRequest;

function memoryGb(resources: Resource[], name: string): number {
  const memorySize = resources.find((each) => each.name === name)?.inputs.memorySize;
  return Number(memorySize ?? 0) / 1024;
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
