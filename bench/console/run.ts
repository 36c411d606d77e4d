import { setTimeout as delay } from 'node:timers/promises';
import { buildConsole } from '@savepoint/console/build-files.ts';
import type { LocalStack } from '@savepoint/local/local-stack.ts';
import type { Browser } from 'playwright-core';
import { findBrowser, launchBrowser } from '../../tools/browser.ts';
import type { Measure, Run } from '../bench.ts';
import type { Measured } from '../figure.ts';
import { median } from '../report.ts';
import { apps, names, type PageName, pages } from './figures.ts';
import { open, type Opening } from './opening.ts';
import { openAll, type Polled } from './polling.ts';
import { scrollThrough } from './scrolling.ts';
import { importLibrary, requestImport, withLocalStack } from './stack.ts';

const rounds = { quick: 3, full: 5 };
/** Until what a page asks for at its start is answered. */
const settlingMs = 5000;
/** Of the simulators' accounts. */
const somebody = '76561202255200001';

export const measure: Measure = async (run) => {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    run.tell('left out: no Chromium or Chrome is installed (or CHROME_PATH does not name it)');
    return { measured: {} };
  }
  const browser = await launchBrowser(executablePath);
  try {
    return await withLocalStack(async (stack) => {
      run.tell(`importing a library of ${apps} apps`);
      const library = `/console/libraries/${await importLibrary(stack, apps)}`;
      return {
        measured: {
          [names.size]: await measureSize(),
          ...(await measureOpening(browser, stack, library, run)),
          ...(await measureScrolling(browser, stack.apiUrl + library, run)),
          ...(!run.quick && (await measurePolling(browser, stack, library, run))),
        },
      };
    });
  } finally {
    await browser.close();
  }
};

async function measureSize(): Promise<Measured> {
  const files = await buildConsole();
  return { value: files.reduce((sum, { packed }) => sum + packed.length, 0) / 1024 };
}

const queuesAreShown = "/^\\d/.test(document.querySelector('.figures dd')?.textContent)";
const coversAreShown = "document.querySelector('.tile img')?.naturalWidth > 0";

async function measureOpening(browser: Browser, { apiUrl }: LocalStack, library: string, run: Run) {
  const pipelines: Opening[] = [];
  const libraries: Opening[] = [];
  const count = run.quick ? rounds.quick : rounds.full;
  // The first round is not counted: the console is built when it is first looked at.
  for (let round = 0; round <= count; round++) {
    run.tell(round === 0 ? 'a round to warm up' : `opening pages, round ${round} of ${count}`);
    const pipeline = await open(browser, `${apiUrl}/console/`, queuesAreShown);
    const covers = await open(browser, apiUrl + library, coversAreShown);
    if (round === 0) continue;
    pipelines.push(pipeline);
    libraries.push(covers);
  }
  const told = (openings: readonly Opening[]): Measured => ({
    value: median(openings.map(({ shownMs }) => shownMs)) / 1000,
    detail: `the first paint after ${Math.round(median(openings.map(({ paintedMs }) => paintedMs)))} ms`,
  });
  return { [names.pipeline]: told(pipelines), [names.library]: told(libraries) };
}

async function measureScrolling(browser: Browser, url: string, run: Run): Promise<Record<string, Measured>> {
  const scrolls: Awaited<ReturnType<typeof scrollThrough>>[] = [];
  const count = run.quick ? rounds.quick : rounds.full;
  for (let round = 1; round <= count; round++) {
    run.tell(`scrolling, round ${round} of ${count}`);
    scrolls.push(await scrollThrough(browser, url));
  }
  const longest = scrolls.map(({ longestMs }) => longestMs);
  return {
    [names.task]: {
      value: median(longest),
      detail: `${Math.round(Math.min(...longest))} to ${Math.round(Math.max(...longest))} ms`,
    },
    [names.tiles]: { value: Math.max(...scrolls.map(({ mostTiles }) => mostTiles)) },
  };
}

async function measurePolling(browser: Browser, stack: LocalStack, library: string, { tell }: Run) {
  const importId = await requestImport(stack, somebody);
  const paths: Record<PageName, string> = {
    pipeline: '/console/',
    import: `/console/imports/${importId}`,
    library,
    'dead letters': '/console/dead-letters',
    follows: '/console/follows',
    overrides: '/console/overrides',
    health: '/console/health',
  };
  const opened = await openAll(browser, stack.apiUrl, paths);
  await delay(settlingMs);
  tell('a minute in which nothing happens');
  const idle = await opened.countMinute();
  tell('a minute in hidden tabs');
  await opened.hide();
  const hidden = await opened.countMinute();
  await opened.close();

  // It is tried again and again for as long as it is looked at.
  stack.simulators?.control.beginTrouble('steam-down');
  const running = await requestImport(stack, somebody);
  const busyPages = await openAll(browser, stack.apiUrl, { ...paths, import: `/console/imports/${running}` });
  await delay(settlingMs);
  tell('a minute in which an import is under way');
  const busy = await busyPages.countMinute();
  await busyPages.close();

  const told = ({ requests, unchanged }: Polled): Measured => ({
    value: requests,
    ...(requests > 0 && { detail: `${unchanged} of them answered with 304` }),
  });
  return Object.fromEntries([
    ...pages.flatMap((page): [string, Measured][] => [
      [names.idle(page), told(idle[page])],
      [names.busy(page), told(busy[page])],
    ]),
    [names.hidden, { value: Object.values(hidden).reduce((sum, { requests }) => sum + requests, 0) }],
  ]);
}
