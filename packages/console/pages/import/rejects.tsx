import type { Reject } from '@savepoint/core/contracts/csv.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { count } from '../../parts/numbers.ts';
import { ProblemNote } from '../../parts/problem-note.tsx';

/** The rows that could not be used, each with its line and the reason. */
export function Rejects({ importId }: { importId: string }) {
  const { answer, problem, refresh } = useAnswer<{ rejects: Reject[] }>(`/imports/${importId}/rejects`);
  return (
    <section aria-labelledby="rejects">
      <h2 id="rejects">Rejected rows {answer && `(${count(answer.rejects.length)})`}</h2>
      <ProblemNote problem={problem} onRetry={refresh} />
      {answer && (
        <div class="scroll" tabIndex={0} role="group" aria-labelledby="rejects">
          <table>
            <thead>
              <tr>
                <th class="number">Line</th>
                <th>Why</th>
                <th>Row</th>
              </tr>
            </thead>
            <tbody>
              {answer.rejects.map(({ line, reason, record }, index) => (
                <tr key={`${line}-${index}`}>
                  <td class="number">{line}</td>
                  <td>{reason}</td>
                  <td>
                    <code class="raw">{record}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
