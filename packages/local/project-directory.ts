import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where `.env`, `.savepoint` and `.sst` are: the repository's directory, from any directory inside of it, as npm sees it
 * too. Outside of a repository it is the directory itself.
 */
export function projectDirectory(from = process.cwd()): string {
  for (let at = from; ; at = dirname(at)) {
    if (isProject(at)) return at;
    if (at === dirname(at)) return from;
  }
}

function isProject(directory: string): boolean {
  try {
    const { name, workspaces } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    return name === 'savepoint' && Array.isArray(workspaces);
  } catch {
    return false;
  }
}
