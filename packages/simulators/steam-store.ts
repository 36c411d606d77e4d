import type { SteamApp } from './catalogue/catalogue.ts';
import { chance } from './catalogue/chance.ts';

/** What Steam's store tells of an app beside its type, as far as it was asked for, drawn from the app's id. */

export type DataRequest = Partial<
  Record<'include_platforms' | 'include_reviews' | 'include_release' | 'include_assets', boolean>
>;

const days = 86_400;
const firstRelease = Date.UTC(2004, 0, 1) / 1000;

export function storeDetails({ appid, type, free }: SteamApp, asked: DataRequest): object {
  return {
    ...(free && { is_free: true }),
    ...(asked.include_platforms && { platforms: platformsOf(appid) }),
    ...(asked.include_reviews && type === 0 && { reviews: reviewsOf(appid) }),
    ...(asked.include_release && { release: releaseOf(appid) }),
    ...(asked.include_assets && { assets: assetsOf(appid) }),
  };
}

/** A category of 0 is left out, as defaults are. */
function platformsOf(appid: number) {
  const category = Math.floor(4 * chance(appid, 31));
  return { windows: true, ...(category > 0 && { steam_deck_compat_category: category }) };
}

/** A few apps have no review yet. */
function reviewsOf(appid: number) {
  if (chance(appid, 32) < 0.03) return {};
  const percent = Math.round(40 + 60 * chance(appid, 33) ** 0.5);
  return {
    summary_filtered: {
      review_count: Math.ceil(10 ** (1 + 4.5 * chance(appid, 34))),
      percent_positive: percent,
      review_score: Math.ceil(percent / 11),
      review_score_label: percent >= 70 ? 'Positive' : 'Mixed',
    },
  };
}

function releaseOf(appid: number) {
  const isEarlyAccess = chance(appid, 35) < 0.05;
  return {
    steam_release_date: firstRelease + Math.floor(8000 * chance(appid, 36)) * days,
    ...(isEarlyAccess && { is_early_access: true }),
  };
}

const assetsOf = (appid: number) => ({
  asset_url_format: `steam/apps/${appid}/\${FILENAME}?t=${1_745_000_000 + (appid % 1_000_000)}`,
  header: 'header.jpg',
  small_capsule: 'capsule_231x87.jpg',
});
