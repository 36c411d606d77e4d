import {
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { PutQueryDefinitionCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Applier } from './applier.ts';
import { pascalKeys } from './pascal-keys.ts';

export const monitoring: Record<string, Applier> = {
  async 'aws:cloudwatch/metricAlarm:MetricAlarm'({ name, dimensions, okActions, ...inputs }, { cloudWatch }) {
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        ...(pascalKeys(inputs) as PutMetricAlarmCommandInput),
        AlarmName: String(name),
        OKActions: okActions as string[],
        Dimensions: Object.entries((dimensions ?? {}) as Record<string, string>).map(([Name, Value]) => ({
          Name,
          Value,
        })),
      }),
    );
    return undefined;
  },
  async 'aws:cloudwatch/compositeAlarm:CompositeAlarm'({ okActions, ...inputs }, { cloudWatch }) {
    const { alarmName, alarmRule, alarmDescription, alarmActions, actionsSuppressor } = inputs;
    const suppressor = actionsSuppressor as
      | { alarm: string; waitPeriod: number; extensionPeriod: number }
      | undefined;
    await cloudWatch.send(
      new PutCompositeAlarmCommand({
        AlarmName: String(alarmName),
        AlarmRule: String(alarmRule),
        AlarmDescription: String(alarmDescription),
        AlarmActions: alarmActions as string[],
        OKActions: okActions as string[],
        ...(suppressor && {
          ActionsSuppressor: suppressor.alarm,
          ActionsSuppressorWaitPeriod: suppressor.waitPeriod,
          ActionsSuppressorExtensionPeriod: suppressor.extensionPeriod,
        }),
      }),
    );
    return undefined;
  },
  async 'aws:cloudwatch/dashboard:Dashboard'({ dashboardName, dashboardBody }, { cloudWatch }) {
    const { DashboardValidationMessages = [] } = await cloudWatch.send(
      new PutDashboardCommand({ DashboardName: String(dashboardName), DashboardBody: String(dashboardBody) }),
    );
    if (DashboardValidationMessages.length > 0) throw new Error(JSON.stringify(DashboardValidationMessages));
    return undefined;
  },
  async 'aws:cloudwatch/queryDefinition:QueryDefinition'({ name, queryString, logGroupNames }, { logs }) {
    await logs.send(
      new PutQueryDefinitionCommand({
        name: String(name),
        queryString: String(queryString),
        logGroupNames: logGroupNames as string[],
      }),
    );
    return undefined;
  },
};
