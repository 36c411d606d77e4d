import { Page } from '../../parts/page.tsx';

export const FollowsPage = () => (
  <Page title="Follows">
    <p>To come.</p>
  </Page>
);
