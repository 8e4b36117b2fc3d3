import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { request as send } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { authority, certificate, certificateKey } from './certificate.test-support.js'

/** What visitors of the tests are said to come from: an address that no machine has. */
export const VISITOR = '203.0.113.7'

export interface TlsProxy {
  /** For Chromium: it finds the hosts here, and believes the authority that signed the certificate. */
  args: string[]
  close(): void
}

/**
 * Stands before the servers of a domain, as a proxy in production does: takes https on one port and passes each request on
 * by its host.
 *
 * @param hosts where each host's requests go, such as `http://localhost:4400`
 * @param names those that a browser finds here, if some of the hosts come later
 */
export async function startTlsProxy(hosts: Record<string, string>, names = Object.keys(hosts)): Promise<TlsProxy> {
  const server = createServer({ cert: certificate + authority, key: certificateKey }, (incoming, outgoing) => {
    const host = incoming.headers.host ?? ''
    const target = hosts[host]
    if (!target) return void outgoing.writeHead(404).end(`No host ${host}`)
    const passed = send(
      target + incoming.url,
      {
        method: incoming.method ?? 'GET',
        headers: {
          ...incoming.headers,
          'x-forwarded-for': VISITOR,
          'x-forwarded-host': host,
          'x-forwarded-proto': 'https',
        },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(outgoing)
      },
    )
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const key = new X509Certificate(authority).publicKey.export({ type: 'spki', format: 'der' })
  return {
    args: [
      `--host-resolver-rules=${names.map((host) => `MAP ${host} 127.0.0.1:${port}`).join(', ')}`,
      `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
    ],
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
