import {
  DatabaseError,
  IgdbApiError,
  PipelineError,
  SteamApiError,
  StorageError,
  toPipelineError,
  ValidationError,
} from '@savepoint/core/errors.ts';

test('errors keep their names where a bundle renames the classes, and are told apart by instanceof', () => {
  for (const [name, Type] of Object.entries({
    DatabaseError,
    IgdbApiError,
    PipelineError,
    SteamApiError,
    StorageError,
  })) {
    const error = new Type('SOME_CODE', 'A sentence.', { retryable: true });
    expect([error.name, error instanceof PipelineError, error.retryable]).toEqual([name, true, true]);
  }
});

test('wrong input is never retryable, and what nobody foresaw always is', () => {
  expect(new ValidationError('SOME_CODE', 'A sentence.').retryable).toBe(false);
  const cause = new TypeError('x is undefined');
  const unexpected = toPipelineError(cause);
  expect(unexpected).toMatchObject({ code: 'UNEXPECTED', retryable: true, cause });
  expect(unexpected.details).toEqual({ reason: 'TypeError: x is undefined' });
  expect(unexpected.message).not.toContain('undefined');
  for (const thrown of [undefined, null, 'text', 5, {}]) expect(toPipelineError(thrown).retryable).toBe(true);
  expect(toPipelineError(unexpected)).toBe(unexpected);
});
