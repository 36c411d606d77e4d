import { Page } from '../../parts/page.tsx';
import { Activity } from './activity.tsx';
import { NewestImports } from './newest-imports.tsx';
import { Stages } from './stages.tsx';
import { StartImport } from './start-import.tsx';

/** `/console/`: start an import, see the stages at work, and what became of the newest imports. */
export const PipelinePage = () => (
  <Page title="Pipeline">
    <StartImport />
    <Stages />
    <Activity />
    <NewestImports />
  </Page>
);
