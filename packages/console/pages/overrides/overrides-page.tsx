import { Page } from '../../parts/page.tsx';

export const OverridesPage = () => (
  <Page title="Overrides">
    <p>To come.</p>
  </Page>
);
