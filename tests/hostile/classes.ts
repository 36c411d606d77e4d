import { csvFiles, overrideFiles } from './files.ts';
import { httpCalls } from './http-calls.ts';
import { objectKeys, steamIds } from './ids-and-keys.ts';
import type { InputClass } from './input-class.ts';
import { queueMessages } from './messages.ts';
import { environments, envFiles } from './settings.ts';
import { upstreamAnswers } from './upstream-answers.ts';

/** Every way in. */
export const inputClasses = [
  steamIds,
  httpCalls,
  objectKeys,
  ...csvFiles,
  overrideFiles,
  upstreamAnswers,
  queueMessages,
  environments,
  envFiles,
] as readonly InputClass[];
