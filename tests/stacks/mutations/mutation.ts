import type { SourceEdit } from '../../../tools/graph/evaluate.ts';

export type Mutation = {
  /** The mistake, as somebody could make it. */
  mistake: string;
  /** The rule that must notice it. */
  rule: string;
  edit: SourceEdit;
  stage?: 'dev';
};
