/** `1,234` */
export const count = (number: number): string => number.toLocaleString('en');

/** `1 message`, `2,000 messages` */
export const plural = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;
