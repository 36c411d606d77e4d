import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { CopyButton } from '../../parts/copy-button.tsx';

/** Where the import's files lie in the bucket. */
export function Files({ view: { files } }: { view: ImportView }) {
  const there = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== null);
  if (there.length === 0) return null;
  return (
    <section aria-labelledby="files">
      <h2 id="files">Files</h2>
      <dl class="keys">
        {there.map(([name, key]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{key}</code> <CopyButton text={key} name={`the key of the ${name} file`} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
