import { Page } from '../parts/page.tsx';

export const NotFoundPage = () => (
  <Page title="No such page">
    <p>
      This address leads nowhere. <a href="/console/">Go to the pipeline</a>
    </p>
  </Page>
);
