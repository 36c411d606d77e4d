import type { ApiProblem } from '../api/call.ts';

type Props = {
  problem: ApiProblem | null;
  /** Absent where asking again cannot help. */
  onRetry?: () => unknown;
};

/** Why something could not be had. What was there before stays beside it. */
export const ProblemNote = ({ problem, onRetry }: Props) =>
  problem === null || problem.status === 401 ? null : (
    <div class="note bad" role="alert">
      <p>
        {problem.message} <code>{problem.code}</code>
      </p>
      {onRetry && (
        <button type="button" onClick={() => void onRetry()}>
          Try again
        </button>
      )}
    </div>
  );
