import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { DeadLettersPage } from './pages/dead-letters/dead-letters-page.tsx';
import { FollowsPage } from './pages/follows/follows-page.tsx';
import { HealthPage } from './pages/health/health-page.tsx';
import { ImportPage } from './pages/import/import-page.tsx';
import { LibraryPage } from './pages/library/library-page.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { OverridesPage } from './pages/overrides/overrides-page.tsx';
import { PipelinePage } from './pages/pipeline/pipeline-page.tsx';
import { Header } from './parts/header.tsx';
import { LastResort } from './parts/last-resort.tsx';
import { QueuesProvider } from './parts/queues-provider.tsx';
import { Toasts } from './parts/toasts.tsx';
import { TokenDialog } from './parts/token-dialog.tsx';

/** Every page, by its address. A folder of `pages/` holds what a page alone needs. */
export const App = () => (
  <LocationProvider scope="/console">
    <QueuesProvider>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <Pages />
      <Toasts />
      <TokenDialog />
    </QueuesProvider>
  </LocationProvider>
);

function Pages() {
  const { path } = useLocation();
  return (
    <main id="main" tabIndex={-1}>
      <LastResort path={path}>
        <Router>
          <Route path="/console" component={PipelinePage} />
          <Route path="/console/imports/:importId" component={ImportPage} />
          <Route path="/console/libraries/:steamId" component={LibraryPage} />
          <Route path="/console/dead-letters" component={DeadLettersPage} />
          <Route path="/console/overrides" component={OverridesPage} />
          <Route path="/console/follows" component={FollowsPage} />
          <Route path="/console/health" component={HealthPage} />
          <Route default component={NotFoundPage} />
        </Router>
      </LastResort>
    </main>
  );
}
