import { Page } from '../../parts/page.tsx';

export const HealthPage = () => (
  <Page title="Health">
    <p>To come.</p>
  </Page>
);
