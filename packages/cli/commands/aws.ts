import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { connect } from '../operator.ts';
import { runTool } from '../run-tool.ts';

export const addAws = (program: Command): Command =>
  program
    .command('aws')
    .description("run the AWS command line on the stack's S3 and SQS, with their address and credentials")
    .argument('[words...]', 'its arguments')
    .allowUnknownOption()
    .addHelpText(
      'after',
      examples(
        'aws s3 ls s3://savepoint-local --recursive',
        'aws s3 cp samples/steam-library-76561202255200007-2025-01-31.csv s3://savepoint-local/raw/',
        'aws sqs list-queues',
      ),
    )
    .action(async (words: string[], _options: unknown, command: Command) => {
      const { region, endpointUrl, credentials } = connect(command).target.aws;
      process.exitCode = await runTool(
        'aws',
        [...(endpointUrl === undefined ? [] : ['--endpoint-url', endpointUrl]), ...words],
        {
          AWS_REGION: region,
          AWS_DEFAULT_REGION: region,
          ...(credentials && {
            AWS_ACCESS_KEY_ID: credentials.accessKeyId,
            AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          }),
        },
        'The AWS command line is not installed: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
      );
    });
