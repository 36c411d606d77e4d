import { project, stages } from '../packages/core/topology.ts';
import { createApi } from './api.ts';
import type { Deployment } from './function.ts';
import { createFunction } from './function.ts';
import { alarmOnFunction, countMatches, createAlarmSink, createDashboard } from './monitoring.ts';
import {
  deleteObjects,
  getObjects,
  listObjects,
  publishTo,
  putObjects,
  sendToQueues,
  uploadObjects,
} from './permissions.ts';
import { createSecrets } from './secrets.ts';
import { readSettings } from './settings.ts';
import { createStage } from './stage.ts';
import { createBucket, notifyStages } from './storage.ts';

/**
 * The whole flow, in the order in which a library passes through it:
 * POST /imports → steam-import → raw/ → igdb-enrichment → enriched/ → database-import → PostgreSQL.
 */
export function deployPipeline() {
  const settings = readSettings(process.env);
  const bucket = createBucket(settings);
  const deployment: Deployment = {
    name: `${project}-${$app.stage}`,
    settings,
    bucket,
    secrets: createSecrets(),
  };
  const alarms = createAlarmSink(settings);
  const status = [getObjects(bucket, 'status/'), putObjects(bucket, 'status/')];

  const steamImport = createStage(deployment, alarms, stages['steam-import'], {
    secrets: ['steamApiKey'],
    permissions: [uploadObjects(bucket, 'raw/'), ...status, listObjects(bucket, 'status/')],
  });

  const igdbEnrichment = createStage(deployment, alarms, stages['igdb-enrichment'], {
    secrets: ['igdbCredentials'],
    permissions: [
      getObjects(bucket, 'raw/', 'overrides/', 'state/'),
      uploadObjects(bucket, 'enriched/', 'rejects/'),
      putObjects(bucket, 'state/'),
      deleteObjects(bucket, 'state/'),
      ...status,
      listObjects(bucket, 'raw/', 'overrides/', 'state/', 'status/'),
    ],
  });

  const databaseImport = createStage(deployment, alarms, stages['database-import'], {
    secrets: ['databaseUrl'],
    usesDatabase: true,
    permissions: [
      getObjects(bucket, 'enriched/'),
      uploadObjects(bucket, 'rejects/'),
      ...status,
      listObjects(bucket, 'enriched/', 'status/'),
      ...(settings.completionTopicArn ? [publishTo(settings.completionTopicArn)] : []),
    ],
    environment: {
      ...(settings.completionTopicArn && { COMPLETION_TOPIC_ARN: settings.completionTopicArn }),
      ...(settings.completionWebhookUrl && { COMPLETION_WEBHOOK_URL: settings.completionWebhookUrl }),
    },
  });

  notifyStages(bucket, { 'igdb-enrichment': igdbEnrichment, 'database-import': databaseImport });

  const api = createApi(deployment, alarms, { steamImport, igdbEnrichment, databaseImport });
  countMatches(deployment, igdbEnrichment.function);
  createDashboard(deployment, api.nodes.api.id);

  // Called by hand after a deployment: at the first one the database's address is not known yet.
  const migrate = createFunction(deployment, {
    name: 'migrate',
    timeoutSeconds: 300,
    memoryMb: 512,
    secrets: ['databaseUrl'],
    usesDatabase: true,
  });

  const reconcile = createFunction(deployment, {
    name: 'reconcile',
    timeoutSeconds: 300,
    memoryMb: 512,
    permissions: [
      listObjects(bucket, 'raw/', 'enriched/', 'status/'),
      ...status,
      sendToQueues(igdbEnrichment.queue, databaseImport.queue),
    ],
  });
  new sst.aws.CronV2('ReconcileHourly', { schedule: 'rate(1 hour)', function: reconcile.arn });
  alarmOnFunction(deployment, alarms, 'reconcile', 'An event that S3 lost is not sent again.');

  return {
    api: api.url,
    bucket: bucket.name,
    deadLetterQueues: [steamImport, igdbEnrichment, databaseImport].map((stage) => stage.deadLetterQueue.url),
    migrate: migrate.name,
  };
}
