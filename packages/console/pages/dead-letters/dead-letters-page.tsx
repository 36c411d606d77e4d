import { Page } from '../../parts/page.tsx';

export const DeadLettersPage = () => (
  <Page title="Dead letters">
    <p>To come.</p>
  </Page>
);
