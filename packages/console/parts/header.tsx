import { useLocation } from 'preact-iso';
import icon from '../icon.svg';
import { useEffect, useState } from 'preact/hooks';
import { useConfig } from '../api/config.ts';
import { useQueues } from '../api/queues.ts';
import { signedIn } from '../api/sign-in.ts';
import { dropToken, readToken } from '../api/token.ts';
import { count } from './numbers.ts';

const pages = [
  { path: '/console', href: '/console/', name: 'Pipeline' },
  { path: '/console/dead-letters', name: 'Dead letters' },
  { path: '/console/follows', name: 'Follows' },
  { path: '/console/overrides', name: 'Overrides' },
  { path: '/console/health', name: 'Health' },
];

export function Header() {
  const { path } = useLocation();
  const config = useConfig();
  return (
    <header class="bar">
      <a class="brand" href="/console/">
        <img src={icon} alt="" width="22" height="22" />
        Savepoint
        {config && <span class="deployment">{config.deployment}</span>}
      </a>
      <nav aria-label="Pages">
        {pages.map((page) => (
          <a
            key={page.path}
            href={page.href ?? page.path}
            aria-current={path === page.path ? 'page' : undefined}
          >
            {page.name}
            {page.path === '/console/dead-letters' && <DeadLetterCount />}
          </a>
        ))}
      </nav>
      {config?.sign_in && <SignOut />}
    </header>
  );
}

function DeadLetterCount() {
  const { answer } = useQueues();
  const dead = (answer?.queues ?? []).reduce((sum, { dead_letters }) => sum + dead_letters, 0);
  return dead === 0 ? null : <span class="badge bad">{count(dead)}</span>;
}

/** Of this tab; the issuer goes on knowing who was there. */
function SignOut() {
  const [isIn, setIn] = useState(readToken() !== null);
  useEffect(() => {
    const note = () => setIn(true);
    globalThis.addEventListener(signedIn, note);
    return () => globalThis.removeEventListener(signedIn, note);
  }, []);
  if (!isIn) return null;
  return (
    <button
      type="button"
      class="quiet sign-out"
      onClick={() => {
        dropToken();
        location.assign('/console/');
      }}
    >
      Sign out
    </button>
  );
}
