import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { asStorageError, type S3Calls } from './s3-calls.ts';

/** What a versioned bucket keeps below the prefix; nothing where there are no versions. @throws StorageError */
export async function* listVersions(
  { name, inTime }: S3Calls,
  prefix: string,
): AsyncGenerator<{ key: string; versionId: string }> {
  let marker: VersionMarker | undefined = {};
  while (marker) {
    const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
      Bucket: name,
      Prefix: prefix,
      ...marker,
    });
    const page: ListObjectVersionsCommandOutput | null = await asStorageError(
      prefix,
      inTime((s3, options) => s3.send(command, options).catch(nullWithoutVersions)),
    );
    if (page === null) return;
    const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    for (const { Key = '', VersionId } of all.sort((a, b) => ((a.Key ?? '') < (b.Key ?? '') ? -1 : 1)))
      if (VersionId !== undefined) yield { key: Key, versionId: VersionId };
    const { IsTruncated, NextKeyMarker, NextVersionIdMarker }: ListObjectVersionsCommandOutput = page;
    marker = IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined;
  }
}

type VersionMarker = Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'>;

/** As the embedded S3 answers. */
function nullWithoutVersions(error: unknown): null {
  if ((error as Error).name === 'NotImplemented') return null;
  throw error;
}
