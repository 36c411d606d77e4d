import { CreateLogGroupCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AttachRolePolicyCommand, CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { CreateScheduleCommand, type CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Applier } from './applier.ts';
import { pascalKeys } from './pascal-keys.ts';

const textOf = (policy: unknown) => (typeof policy === 'string' ? policy : JSON.stringify(policy));

export const functions: Record<string, Applier> = {
  async 'aws:iam/role:Role'(inputs, { iam }) {
    const RoleName = String(inputs.name);
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: textOf(inputs.assumeRolePolicy) }),
    );
    for (const { name, policy } of (inputs.inlinePolicies ?? []) as { name: string; policy: unknown }[])
      await iam.send(
        new PutRolePolicyCommand({ RoleName, PolicyName: name, PolicyDocument: textOf(policy) }),
      );
    for (const PolicyArn of (inputs.managedPolicyArns ?? []) as string[])
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    return { arn: Role?.Arn };
  },
  async 'aws:cloudwatch/logGroup:LogGroup'(inputs, { logs }) {
    const logGroupName = String(inputs.name);
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(
      new PutRetentionPolicyCommand({ logGroupName, retentionInDays: Number(inputs.retentionInDays) }),
    );
    return undefined;
  },
  async 'aws:secretsmanager/secret:Secret'(inputs, { secrets }) {
    const { ARN } = await secrets.send(
      new CreateSecretCommand({ Name: String(inputs.name), Description: String(inputs.description) }),
    );
    return { arn: ARN };
  },
  async 'aws:lambda/function:Function'(inputs, { lambda }) {
    const { name, s3Bucket, s3Key, environment, vpcConfig, reservedConcurrentExecutions, ...rest } = inputs;
    const variables = (environment as { variables: Record<string, string> }).variables;
    const { FunctionArn } = await lambda.send(
      new CreateFunctionCommand({
        ...(pascalKeys(rest) as Omit<CreateFunctionCommandInput, 'FunctionName' | 'Code'>),
        FunctionName: String(name),
        Code: { S3Bucket: String(s3Bucket), S3Key: String(s3Key) },
        Environment: { Variables: variables },
        ...(vpcConfig ? { VpcConfig: pascalKeys(vpcConfig) as object } : {}),
      }),
    );
    if (reservedConcurrentExecutions !== undefined)
      await lambda.send(
        new PutFunctionConcurrencyCommand({
          FunctionName: String(name),
          ReservedConcurrentExecutions: Number(reservedConcurrentExecutions),
        }),
      );
    return { arn: FunctionArn };
  },
  async 'aws:lambda/eventSourceMapping:EventSourceMapping'(inputs, { lambda }) {
    // Left off: the rehearsal itself hands messages to the bundles, and one that is taken twice would be missed.
    await lambda.send(
      new CreateEventSourceMappingCommand({
        ...(pascalKeys(inputs) as CreateEventSourceMappingCommandInput),
        Enabled: false,
      }),
    );
    return undefined;
  },
  async 'aws:lambda/permission:Permission'(inputs, { lambda }) {
    const { action, principal, sourceArn } = inputs;
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: String(inputs.function),
        StatementId: `rehearsal-${String(sourceArn).replaceAll(/\W/g, '-')}`.slice(0, 100),
        Action: String(action),
        Principal: String(principal),
        SourceArn: String(sourceArn),
      }),
    );
    return undefined;
  },
  async 'aws:scheduler/schedule:Schedule'(inputs, { scheduler }) {
    const { ScheduleArn } = await scheduler.send(
      new CreateScheduleCommand(pascalKeys(inputs) as CreateScheduleCommandInput),
    );
    return { arn: ScheduleArn };
  },
};
