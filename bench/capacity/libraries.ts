/** What people own, drawn as it is on Steam: few games are everybody's, most are nearly nobody's. */

/**
 * Reviews of a game by its rank, of 31,058 games on Steam in 2024 and 2025; between two ranks a straight line on
 * logarithmic axes. Whoever owns a game reviews it about equally often, so reviews stand for owners.
 */
const reviewsByRank = [
  [1, 8_360_490],
  [2, 2_448_273],
  [5, 910_011],
  [10, 691_054],
  [20, 376_673],
  [50, 192_411],
  [100, 112_004],
  [200, 54_445],
  [500, 18_118],
  [1000, 7238],
  [2000, 2699],
  [5000, 549],
  [10_000, 139],
  [20_000, 10],
  [31_058, 1],
] as const;
export const catalogueApps = 31_058;

/** Whoever owns much owns more of what few own. */
const flattening = 0.75;
/** Half of the libraries are smaller; the mean is about twice as large. Assumed. */
const medianApps = 120;
const spread = 1.2;
const mostApps = 4000;

export type Random = () => number;

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function reviewsOf(rank: number): number {
  const after = reviewsByRank.findIndex(([known]) => known >= rank);
  const [rightRank, rightReviews] = reviewsByRank[after]!;
  const [leftRank, leftReviews] = reviewsByRank[Math.max(0, after - 1)]!;
  if (rightRank === leftRank) return rightReviews;
  const share = Math.log(rank / leftRank) / Math.log(rightRank / leftRank);
  return leftReviews * (rightReviews / leftReviews) ** share;
}

const weights = Array.from({ length: catalogueApps }, (_, index) => reviewsOf(index + 1) ** flattening);
const sums: number[] = [];
let total = 0;
for (const weight of weights) {
  total += weight;
  sums.push(total);
}

/** The share of all that is owned which is this app, by rank from 0. */
export const shareOf = (rank: number): number => weights[rank]! / total;

export const drawSize = (random: Random): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(1, Math.min(mostApps, Math.round(medianApps * Math.exp(spread * normal))));
};

/** Ranks from 0, each once. */
export function drawLibrary(random: Random): number[] {
  const size = drawSize(random);
  const ranks = new Set<number>();
  while (ranks.size < size) ranks.add(rankAt(random() * total));
  return [...ranks];
}

function rankAt(sum: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! < sum) low = middle + 1;
    else high = middle;
  }
  return low;
}
