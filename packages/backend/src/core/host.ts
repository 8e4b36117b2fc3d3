/** A name or an address, and a port. */
const HOST = /^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/**
 * Whether a header that names a host holds a host with an optional port and nothing else. Anybody may send
 * `X-Forwarded-Host`, and URLs are built from it: a user name, a path or a script must not get into them.
 */
export function isHost(text: string): boolean {
  return HOST.test(text)
}
