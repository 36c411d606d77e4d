import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { zipSync } from 'fflate';
import { bundleHandler } from '../graph/bundle-handler.ts';
import type { Graph } from '../graph/evaluate.ts';
import type { Code } from './apply/applier.ts';

/** Zips each function's bundle as SST uploads it. @param directory where the bundles are made */
export function zipBundles({ resources, builds, stage }: Graph, directory: string): Code {
  const deployment = `savepoint-${stage}-`;
  return async (key) => {
    const deployed = resources.find(({ inputs }) => inputs.s3Key === key);
    const name = String(deployed?.inputs.name).slice(deployment.length);
    const build = builds.find(({ handler }) => handler === `packages/functions/${name}.handler`);
    if (!build) throw new Error(`No function has the code ${key}`);
    const { handler, properties, copyFiles } = build;
    const bundle = await bundleHandler(handler, join(directory, `${name}-zip`), { ...properties, copyFiles });
    const all = await readdir(bundle.directory, { recursive: true, withFileTypes: true });
    const files = all
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name: file }) => relative(bundle.directory, join(parentPath, file)));
    const contents = await Promise.all(
      files.map(
        async (file) => [file, new Uint8Array(await readFile(join(bundle.directory, file)))] as const,
      ),
    );
    return zipSync(Object.fromEntries(contents));
  };
}
