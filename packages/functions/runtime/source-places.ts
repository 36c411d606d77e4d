import type { SourceMap } from 'node:module';

/**
 * A stack with the places in the sources instead of those in the bundle, for whose files a source map lies beside them.
 * The maps are read here, when something went wrong: Node's own `--enable-source-maps` reads all of them at each start,
 * which takes as long as starting Node itself.
 */
export function withSourcePlaces(stack: string): string {
  const maps = new Map<string, SourceMap | null>();
  const mapOf = (file: string) => {
    const map = maps.get(file) ?? readMap(file);
    maps.set(file, map);
    return map;
  };
  return stack.replace(place, (inBundle, file: string, line: string, column: string) => {
    const origin = mapOf(file)?.findOrigin(Number(line), Number(column));
    return origin && 'fileName' in origin
      ? `${origin.fileName.replace(/^(\.\.\/)+/, '')}:${origin.lineNumber}:${origin.columnNumber}`
      : inBundle;
  });
}

/** `file:///var/task/bundle.mjs:12:345` in a stack. */
const place = /(?:file:\/\/)?(\/[^\s():]+\.mjs):(\d+):(\d+)/g;

/** Null where there is none. Never throws: what went wrong is to be told in any case. */
function readMap(file: string): SourceMap | null {
  try {
    const { SourceMap } = process.getBuiltinModule('node:module');
    const text = process.getBuiltinModule('node:fs').readFileSync(`${file}.map`, 'utf8');
    return new SourceMap(JSON.parse(text));
  } catch {
    return null;
  }
}
