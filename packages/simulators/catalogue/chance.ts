/** A number in [0, 1) that looks random and belongs to the app or game for ever. */
export function chance(id: number, salt: number): number {
  let mixed = Math.imul(id ^ (salt * 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** One of these, or several different ones. */
export const oneOf = <Item>(items: readonly Item[], id: number, salt: number): Item =>
  items[Math.floor(chance(id, salt) * items.length)]!;
export const someOf = <Item>(items: readonly Item[], count: number, id: number, salt: number): Item[] => [
  ...new Set(Array.from({ length: count }, (_, index) => oneOf(items, id, salt + index))),
];
