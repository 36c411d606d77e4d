import { type StoreFacts, storeFactsOf } from '@savepoint/core/contracts/enriched-library.ts';
import * as v from 'valibot';

/** What an item of Steam's store tells beside its type, as far as it can be understood. */

/** Nothing where the store sends something else. */
const lenient = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.fallback(v.nullish(v.object(entries), null), null);
const number = v.fallback(v.nullish(v.number(), null), null);
const text = v.fallback(v.nullish(v.string(), null), null);
const flag = v.fallback(v.nullish(v.boolean(), false), false);

export const storeFactEntries = {
  platforms: lenient({ steam_deck_compat_category: number }),
  reviews: lenient({ summary_filtered: lenient({ review_count: number, percent_positive: number }) }),
  release: lenient({ steam_release_date: number, is_coming_soon: flag, is_early_access: flag }),
  assets: lenient({ asset_url_format: text, header: text }),
};
const StoreDetails = v.object(storeFactEntries);
type StoreDetails = v.InferOutput<typeof StoreDetails>;

/** What is asked of the store for these, beside the type. */
export const storeFactRequest = {
  include_platforms: true,
  include_reviews: true,
  include_release: true,
  include_assets: true,
} as const;

const imagesUrl = 'https://shared.akamai.steamstatic.com/store_item_assets/';
/** As the store numbers them; a category that is left out is 0. */
const deckCategories = ['unknown', 'unsupported', 'playable', 'verified'];

export function readStoreFacts({ platforms, reviews, release, assets }: StoreDetails): StoreFacts {
  const facts: { [Property in keyof StoreFacts]: unknown } = {
    deckCompatibility: platforms && deckCategories[platforms.steam_deck_compat_category ?? 0],
    ...reviewsOf(reviews?.summary_filtered ?? null),
    releaseState: stateOf(release),
    headerImageUrl: headerOf(assets),
  };
  return storeFactsOf((property) => facts[property]);
}

/** A share of no reviews means nothing. */
function reviewsOf(summary: NonNullable<StoreDetails['reviews']>['summary_filtered']) {
  if (summary === null) return { reviewPercent: null, reviewCount: null };
  const reviewCount = summary.review_count ?? 0;
  return { reviewCount, reviewPercent: reviewCount > 0 ? (summary.percent_positive ?? 0) : null };
}

function stateOf(release: StoreDetails['release']): StoreFacts['releaseState'] {
  if (release?.is_coming_soon) return 'coming_soon';
  if (release?.is_early_access) return 'early_access';
  return release?.steam_release_date ? 'released' : null;
}

/** `steam/apps/620/${FILENAME}?t=1745363004`; what stands behind the question mark changes with each edit. */
function headerOf(assets: StoreDetails['assets']): string | null {
  const place = '$' + '{FILENAME}';
  const { asset_url_format: format, header } = assets ?? {};
  if (!format?.includes(place) || !header) return null;
  return `${imagesUrl}${format.replace(/\?.*$/s, '').replace(place, () => header)}`;
}
