import type { MatchedApp } from '@savepoint/core/operations/list-apps.ts';
import { percent } from './numbers.ts';

/** What an app was taken for: the game, how it was found and how sure that is, and who else it could have been. */
export function Match({ app }: { app: MatchedApp }) {
  const { match_status, classification, igdb_name, match_reason, match_confidence, candidates } = app;
  return (
    <span class="match">
      {match_status === 'MATCHED' && (
        <>
          <strong>{igdb_name}</strong>
          {match_confidence !== null && <span class="confidence">{percent(match_confidence)} sure</span>}
        </>
      )}
      {match_status === 'IGNORED' && <span>not a game: {classification?.replaceAll('_', ' ')}</span>}
      {match_status === 'UNMATCHED' && <span class="slow-text">no match</span>}
      {match_status === 'PENDING' && <span class="slow-text">not looked up</span>}
      {match_reason && <span class="reason">{match_reason}</span>}
      {candidates.length > 0 && (
        <span class="reason">
          not taken:{' '}
          {candidates.map(({ igdb_id, name }) => (name ? `${name} (${igdb_id})` : igdb_id)).join(', ')}
        </span>
      )}
    </span>
  );
}
