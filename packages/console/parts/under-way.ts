import type { ImportView } from '@savepoint/core/contracts/import-view.ts';

/** Whether there is anything to wait for. */
export const isUnderWay = ({ status }: Pick<ImportView, 'status'>): boolean =>
  status === 'queued' || status === 'running';
