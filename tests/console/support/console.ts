import { startTestStack, type TestStack } from '../../support/stack.ts';
import { inBrowser, type Look, type Visit, visit } from './browser.ts';

/** The console of a stack of the file's own. */
export type TestedConsole = {
  /** There from the first test on. */
  readonly stack: TestStack;
  /** @param path such as `/console/` */
  visit(path: string, look?: Look): Promise<Visit>;
};

/** Tests of the console in a real browser. @param variables of the stack */
export function inConsole(
  name: string,
  tests: (its: TestedConsole) => void,
  variables: Record<string, string> = {},
): void {
  inBrowser(name, () => {
    let stack: TestStack;
    beforeAll(async () => {
      stack = await startTestStack(variables);
    });
    tests({
      get stack() {
        return stack;
      },
      visit: (path, look) => visit(stack.apiUrl, path, look),
    });
    afterAll(() => stack.close());
  });
}
