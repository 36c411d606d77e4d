import { AsyncLocalStorage } from 'node:async_hooks';

const invocations = new AsyncLocalStorage<string>();

/** Runs a handler so that whatever it logs knows Lambda's id of the invocation. */
export const withRequestId = <Result>(awsRequestId: string | undefined, run: () => Result): Result =>
  awsRequestId === undefined ? run() : invocations.run(awsRequestId, run);

/** Undefined outside of an invocation. */
export const requestId = (): string | undefined => invocations.getStore();
