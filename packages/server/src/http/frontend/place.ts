/** Where a browser asks: the host, and the proxy of an application, whose secret key was checked; null without one. */
export function placeOf({ headers, url }: Request): { host: string; proxyUrl: string | null } {
  return { host: headers.get('host') ?? new URL(url).host, proxyUrl: headers.get('clerk-proxy-url') }
}
