import type { Figure, Measured } from './figure.ts';

/** A group of figures that are measured together: `npm run bench -- load`. */
export type Bench = {
  name: string;
  /** The page in which its table stands. */
  page: string;
  figures: readonly Figure[];
  /** Loaded when it is measured: reading the list of figures starts nothing. */
  load(): Promise<{ measure: Measure }>;
};

export type Run = {
  quick: boolean;
  /** Says what is being done. */
  tell(step: string): void;
};

/** By figure; one that is not there was not measured. `plots`: SVG by file name in docs/. */
export type Outcome = { measured: Record<string, Measured>; plots?: Record<string, string> };
export type Measure = (run: Run) => Promise<Outcome>;
