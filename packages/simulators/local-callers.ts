const localName = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/**
 * Why a request to a server of this machine alone is refused; null when it may be answered. Listening on the loopback
 * address does not keep a browser out: any page that is open in it can send requests there, and one whose name was made
 * to lead to 127.0.0.1 could read the answers.
 * @param allowedHosts other names that lead here, without a port.
 */
export function foreignCaller(
  headers: { host?: string | null | undefined; origin?: string | null | undefined },
  allowedHosts: readonly string[] = [],
): string | null {
  const isOurs = (name: string) => {
    const host = name.toLowerCase().replace(/:\d{1,5}$/, '');
    return localName.test(name) || allowedHosts.some((allowed) => allowed.toLowerCase() === host);
  };
  if (!isOurs(headers.host ?? ''))
    return 'This answers at 127.0.0.1, localhost and [::1] alone; the header Host names something else.';
  const [, site = ''] = /^https?:\/\/(.*)$/i.exec(headers.origin ?? '') ?? [];
  if (typeof headers.origin === 'string' && !isOurs(site))
    return 'This does not answer pages of other sites; the header Origin names one.';
  return null;
}
