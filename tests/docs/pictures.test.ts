import { normalised } from '../first-minutes/normalised.ts';
import { read } from './markdown.ts';

/** The text of a drawn terminal, without the command at its top. */
const textOf = (svg: string): string =>
  `${[...svg.matchAll(/<text[^>]*>(.*?)<\/text>/gs)]
    .slice(1)
    .map(([, line]) =>
      line!
        .replace(/<[^>]*>/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&')
        .trimEnd(),
    )
    .join('\n')}\n`;

test.each(['light', 'dark'])('the %s picture of the demo shows what it prints', (theme) => {
  expect(normalised(textOf(read(`docs/pictures/demo-${theme}.svg`)))).toBe(
    read('tests/first-minutes/screens/demo.80.txt'),
  );
});
