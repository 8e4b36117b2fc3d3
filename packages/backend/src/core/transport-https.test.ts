import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { user } from '../samples.test-support.js'
import { certificate, certificateKey } from './certificate.test-support.js'

const sources = (path: string) => new URL(path, import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'latchkey-https-'))
const bundled = join(folder, 'sdk.mjs')
const authority = join(folder, 'certificate.pem')

let connections = 0
const server = createServer({ cert: certificate, key: certificateKey }, (request, response) => {
  request
    .resume()
    .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(user)))
}).on('secureConnection', () => connections++)

beforeAll(async () => {
  writeFileSync(authority, certificate)
  await build({
    stdin: { contents: "export * from './index.ts'; export * from './errors.ts'", resolveDir: sources('..') },
    bundle: true,
    platform: 'neutral',
    outfile: bundled,
    alias: Object.fromEntries(
      ['types', 'crypto'].map((name) => [`@latchkey/${name}`, sources(`../../../${name}/src/index.ts`)]),
    ),
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
})
beforeEach(() => {
  connections = 0
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

interface Asked {
  host?: string
  trusted?: boolean
  client?: object
}

/** Asks for a user five times in a program of its own, as Node reads whom it trusts when it starts. */
async function askWith(options: Asked): Promise<unknown> {
  const { host = 'localhost', trusted = true, client = {} } = options
  const program = `
    import { ConnectionError, createClerkClient } from ${JSON.stringify(bundled)}
    const client = createClerkClient({ secretKey: 'sk_test_1', apiUrl: process.argv[1], maxRetries: 0, ...JSON.parse(process.argv[2]) })
    const ids = []
    try {
      for (let n = 0; n < 5; n++) ids.push((await client.users.updateUser('user_1', { firstName: 'Ada' })).id)
      console.log(JSON.stringify(ids))
    } catch (error) {
      console.log(JSON.stringify([error instanceof ConnectionError, error.cause?.code ?? error.cause?.cause?.code, ids.length]))
    }`
  const url = `https://${host}:${(server.address() as AddressInfo).port}`
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_EXTRA_CA_CERTS: trusted ? authority : undefined }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program, url, JSON.stringify(client)],
    { env },
  )
  return JSON.parse(stdout)
}

describe.each(['node', 'fetch'] as const)('HTTPS over the transport %s', (transport) => {
  const ask = (options: Asked) => askWith({ ...options, client: { transport, ...options.client } })

  it('is spoken on connections that are kept alive', async () => {
    expect(await ask({})).toEqual(Array(5).fill('user_1'))
    // Some versions of Node open another for `fetch`.
    expect(connections).toBeLessThanOrEqual(transport === 'node' ? 1 : 2)
  })

  it('is refused where the certificate is one that nobody vouches for', async () => {
    expect(await ask({ trusted: false })).toEqual([true, 'DEPTH_ZERO_SELF_SIGNED_CERT', 0])
  })

  it('is refused where the certificate is for another host', async () => {
    expect(await ask({ host: '127.0.0.1' })).toEqual([true, 'ERR_TLS_CERT_ALTNAME_INVALID', 0])
  })

  it('is needed where it is spoken: plain HTTP is an error of the connection', async () => {
    const { port } = server.address() as AddressInfo
    expect(await ask({ client: { apiUrl: `http://localhost:${port}` } })).toEqual([true, expect.any(String), 0])
    expect(connections).toBe(0)
  })
})
