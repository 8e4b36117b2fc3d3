import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { hostOf, keys, profiles } from './profiles.mjs'

const program = fileURLToPath(new URL('../../packages/cli/dist/latchkey.js', import.meta.url))

/** One `latchkey dev` for each of the suite's key names, started when it is first asked. */
export class Servers {
  #folder
  #started = new Map()

  /** @param {string} folder where seeds and logs go */
  constructor(folder) {
    this.#folder = folder
  }

  /** @param {string} name @returns {Promise<string>} its URL on this machine */
  async url(name) {
    if (!this.#started.has(name)) this.#started.set(name, this.#start(name))
    return (await this.#started.get(name)).url
  }

  /** @returns {Promise<string[]>} the URLs of all that run */
  async urls() {
    return (await Promise.all(this.#started.values())).map(({ url }) => url)
  }

  async stop() {
    for (const started of this.#started.values()) (await started).child.kill('SIGTERM')
    this.#started.clear()
  }

  async #start(name) {
    const seed = join(this.#folder, `${name}.json`)
    writeFileSync(seed, JSON.stringify(profiles[name]?.seed ?? {}))
    const { pk, sk } = keys[name]
    const port = await freePort()
    const args = ['--port', String(port), '--json', '--database', ':memory:', '--seed', seed, '--secret-key', sk]
    const publicUrl = `https://${hostOf(name)}`
    const child = spawn(
      process.execPath,
      [program, 'dev', ...args, '--publishable-key', pk, '--public-url', publicUrl, '--trusted-proxies', 'loopback'],
      { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The server of ${name} ended with ${code}`)
    })
    ended.catch(() => {})
    await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])
    const url = `http://localhost:${port}`
    await grantToAdmins(url, sk, profiles[name]?.admin ?? [])
    return { child, url }
  }
}

/** A seed leaves roles as they are that are there already. */
async function grantToAdmins(url, secretKey, permissions) {
  const call = async (path, method = 'GET') => {
    const response = await fetch(`${url}/v1/${path}`, { method, headers: { authorization: `Bearer ${secretKey}` } })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return response.json()
  }
  if (permissions.length === 0) return
  const { data: roles } = await call('organization_roles')
  const { data: known } = await call('organization_permissions?limit=100')
  const { id: role } = roles.find(({ key }) => key === 'org:admin')
  for (const key of permissions) {
    const { id } = known.find((permission) => permission.key === key)
    await call(`organization_roles/${role}/permissions/${id}`, 'POST')
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
