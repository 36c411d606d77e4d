import { namesPeople } from '../packages/core/log-key.ts';
import { type FunctionName, secretIdVariable, secretsOf } from '../packages/core/secrets.ts';
import { bundling } from './bundling.ts';
import type { Deployment } from './deployment.ts';
import { componentName } from './deployment.ts';
import type { Permission } from './permissions.ts';
import { keepLogKey, readSecret } from './permissions.ts';

export type PipelineFunction = {
  /** `steam-import`: the entry point's file, and the last part of the function's name. */
  name: FunctionName;
  timeoutSeconds: number;
  memoryMb: number;
  permissions?: Permission[];
  environment?: Record<string, $util.Input<string>>;
  /** How many may run at the same time, of all that the account has; default: as many as are called. */
  atOnce?: number;
  /** Files that travel with the bundle, and where beside it. */
  files?: { from: string; to: string }[];
  /** Whether it talks to PostgreSQL, which may stand in a private network. */
  usesDatabase?: boolean;
};

/** A Lambda of the pipeline, with a role that may do what is written out here and nothing else. */
export function createFunction(deployment: Deployment, options: PipelineFunction): sst.aws.Function {
  const name = `${deployment.name}-${options.name}`;
  const network = options.usesDatabase ? deployment.settings.vpc : undefined;
  const vpc = network && { privateSubnets: network.privateSubnets, securityGroups: network.securityGroups };
  return new sst.aws.Function(componentName(options.name), {
    name,
    handler: `packages/functions/${options.name}.handler`,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    timeout: `${options.timeoutSeconds} seconds`,
    memory: `${options.memoryMb} MB`,
    logging: { retention: '1 month' },
    ...(options.atOnce !== undefined &&
      deployment.settings.reservesConcurrency && { concurrency: { reserved: options.atOnce } }),
    nodejs: bundling,
    copyFiles: options.files ?? [],
    vpc,
    environment: environmentOf(deployment, options),
    permissions: [
      writeOwnLog(name),
      ...secretsFor(deployment, options.name).map(({ secret }) => readSecret(secret)),
      ...(namesPeople(options.name) ? keepLogKey(deployment.bucket) : []),
      ...(options.permissions ?? []),
    ],
    transform: {
      // SST's own role may write to every log group of the account, and the account's root may assume it.
      role: {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' }),
        managedPolicyArns: vpc
          ? [$interpolate`arn:${partition()}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole`]
          : [],
      },
    },
  });
}

/** Where Lambda keeps the certificates of Amazon RDS, which Node does not trust by itself. */
const rdsCertificates = '/var/runtime/ca-cert.pem';

const environmentOf = (deployment: Deployment, { name, environment, usesDatabase }: PipelineFunction) => ({
  // In `sst dev` a function runs on a machine that has no such file.
  ...(usesDatabase && !$dev && { NODE_EXTRA_CA_CERTS: rdsCertificates }),
  DEPLOYMENT: deployment.name,
  S3_BUCKET: deployment.bucket.name,
  LOG_LEVEL: deployment.settings.logLevel,
  ...Object.fromEntries(secretsFor(deployment, name).map(({ variable, secret }) => [variable, secret.name])),
  ...environment,
});

/** The secrets that the function may read; their names reach it as environment variables. */
const secretsFor = (deployment: Deployment, reader: FunctionName) =>
  secretsOf(reader).flatMap((name) => {
    const secret = deployment.secrets[name];
    return secret ? [{ variable: secretIdVariable(name), secret }] : [];
  });

/** `aws`, or `aws-cn` and its like in other parts of the world. */
const partition = () => aws.getPartitionOutput().partition;

function writeOwnLog(functionName: string): Permission {
  const { region } = aws.getRegionOutput();
  const { accountId } = aws.getCallerIdentityOutput();
  return {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [
      $interpolate`arn:${partition()}:logs:${region}:${accountId}:log-group:/aws/lambda/${functionName}:*`,
    ],
  };
}
