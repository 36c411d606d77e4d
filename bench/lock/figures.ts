import type { Figure } from '../figure.ts';

/** How long a load keeps all others waiting (docs/decisions/0002). */
export const apps = 1000;

export const names = {
  first: '1,000 apps that nobody had: lock held',
  shared: '1,000 apps that others had: lock held',
  usual: '1,000 apps again, 20 of them played: lock held',
  unchanged: '1,000 apps again, nothing new: lock held',
  small: '40 apps that others had: lock held',
  beside: '40 apps that others had, which 12 imports more told: lock held',
};

export const figures: readonly Figure[] = Object.values(names).map((figure) => ({
  figure,
  unit: 'seconds',
}));
