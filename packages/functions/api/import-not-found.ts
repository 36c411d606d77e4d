import { HttpProblem } from './problem.ts';

export const importNotFound = () =>
  new HttpProblem(
    404,
    'IMPORT_NOT_FOUND',
    'There is no import of this id. Ids look like 76561197960287930-20261123T043000123Z.',
  );
