/** `2026-11-23 10:30:11 UTC` */
export const moment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

/** `3 s`, `4 min`, `5 h`, `6 days` */
export function duration(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 120) return `${rounded} s`;
  if (rounded < 2 * 3600) return `${Math.round(rounded / 60)} min`;
  if (rounded < 2 * 86_400) return `${Math.round(rounded / 3600)} h`;
  return `${Math.round(rounded / 86_400)} days`;
}
