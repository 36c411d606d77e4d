import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { Bucket, ListOptions } from './bucket.ts';
import { asStorageError, type S3Calls } from './s3-calls.ts';

export const createObjectListing = (
  calls: S3Calls,
): Pick<Bucket, 'list' | 'listFolders' | 'listVersions'> => ({
  async *list(prefix, options) {
    for await (const { Contents = [] } of pages(calls, prefix, options))
      for (const { Key = '', LastModified = new Date(0) } of Contents)
        yield { key: Key, writtenAt: LastModified };
  },
  async *listVersions(prefix) {
    // Loaded at the first use: forgetting people is all that asks for versions.
    const { listVersions } = await import('./list-versions.ts');
    yield* listVersions(calls, prefix);
  },
  async *listFolders(prefix) {
    for await (const { CommonPrefixes = [] } of pages(calls, prefix, { delimiter: '/' }))
      for (const { Prefix = '' } of CommonPrefixes) yield Prefix;
  },
});

async function* pages(
  { name, inTime }: S3Calls,
  prefix: string,
  { after, pageSize, delimiter }: ListOptions & { delimiter?: string } = {},
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: name,
      Prefix: prefix,
      Delimiter: delimiter,
      StartAfter: after,
      MaxKeys: pageSize,
      ContinuationToken: token,
    });
    const page = await asStorageError(
      prefix,
      inTime((s3, options) => s3.send(command, options)),
    );
    yield page;
    token = page.NextContinuationToken;
  } while (token);
}
