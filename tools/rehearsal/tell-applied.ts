import type { Applied } from './apply/apply-graph.ts';

/** As lines: how many of each type were taken, and what was refused with the implementation's words. */
export function tellApplied({ applied, refused }: Applied): string[] {
  const types = [
    ...new Set([...applied, ...refused.map(({ resource }) => resource)].map(({ type }) => type)),
  ].sort();
  const taken = types.map((type) => {
    const all = [...applied, ...refused.map(({ resource }) => resource)].filter(
      (each) => each.type === type,
    ).length;
    return `${String(applied.filter((each) => each.type === type).length).padStart(4)} of ${String(all).padEnd(3)} ${type.split(':').at(-1)}`;
  });
  const reasons = new Map<string, string[]>();
  for (const { resource, reason } of refused)
    reasons.set(reason, [
      ...(reasons.get(reason) ?? []),
      `${resource.type.split(':').at(-1)} ${resource.name}`,
    ]);
  const cannot = [...reasons].map(([reason, names]) => `- ${names.join(', ')}: ${reason}`);
  return [
    ...taken,
    `${applied.length} of ${applied.length + refused.length} resources were taken.`,
    ...(cannot.length > 0 ? ['What this implementation cannot do:', ...cannot] : []),
  ];
}
