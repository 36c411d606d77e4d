import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsIn, linksIn, markdownFiles, read, root } from './markdown.ts';

test('the documentation is found', () => {
  expect(markdownFiles).toEqual(
    expect.arrayContaining(['README.md', 'docs/decisions/README.md', '.github/pull_request_template.md']),
  );
});

test.each(markdownFiles)('every link of %s leads to a file and a heading', (path) => {
  const broken = linksIn(read(path)).filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsIn(read(target)).has(anchor);
  });
  expect(broken).toEqual([]);
});

test('every decision stands in the index', () => {
  const listed = linksIn(read('docs/decisions/README.md')).map((link) => `docs/decisions/${link}`);
  const decisions = markdownFiles.filter((path) => /^docs\/decisions\/\d/.test(path));
  expect(listed.sort()).toEqual(decisions.sort());
});
