#!/usr/bin/env node
// node benchmarks/sdk/client.mjs [--quick]
//
// What one `users.getUser` costs the process that calls it: CPU time beside @clerk/backend's, against a server of bare
// node:http that always answers the same user. Client and server are processes of their own; rounds alternate between the
// clients, and each figure is the median of its rounds.
import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { median } from '../lib/drive.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bundled = `${root}benchmarks/.build/sdk-client.mjs`
const secretKey = 'sk_test_benchmarks'
const quick = process.argv.includes('--quick')
const [ROUNDS, WARM_UP, REQUESTS] = quick ? [3, 1000, 3000] : [7, 2000, 10_000]

/** What is measured: something that makes a function which sends one request. */
const clients = {
  async 'bare node:http'(url) {
    const { Agent, get } = await import('node:http')
    const agent = new Agent({ keepAlive: true })
    const headers = { authorization: `Bearer ${secretKey}` }
    return () =>
      new Promise((resolve, reject) => {
        get(`${url}/v1/users/user_1`, { agent, headers }, (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk) => (text += chunk)).on('end', () => resolve(JSON.parse(text)))
        }).on('error', reject)
      })
  },
  async '@latchkey/backend'(url) {
    const { createClerkClient } = await import(bundled)
    const client = createClerkClient({ secretKey, apiUrl: url })
    return () => client.users.getUser('user_1')
  },
  async '@latchkey/backend with fetch'(url) {
    const { createClerkClient } = await import(bundled)
    const client = createClerkClient({ secretKey, apiUrl: url, fetch: globalThis.fetch })
    return () => client.users.getUser('user_1')
  },
  async '@clerk/backend'(url) {
    const { createClerkClient } = await import('@clerk/backend')
    const client = createClerkClient({ secretKey, apiUrl: url, telemetry: { disabled: true } })
    return () => client.users.getUser('user_1')
  },
}

if (process.argv[2] === 'serve') await serve()
else if (process.argv[2] === 'measure') await measure(process.argv[3], process.argv[4])
else await compare()

async function serve() {
  const { user } = await import(bundled)
  const body = JSON.stringify(user)
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
}

async function measure(name, url) {
  const send = await clients[name](url)
  await sendMany(send, WARM_UP)
  const round = async (connections) => {
    const before = process.cpuUsage()
    await sendMany(send, REQUESTS, connections)
    const { user, system } = process.cpuUsage(before)
    process.send((user + system) / REQUESTS)
  }
  process.on('message', (connections) => void round(connections))
  process.send('ready')
}

async function sendMany(send, count, connections = 8) {
  let left = count
  const work = async () => {
    while (left-- > 0) {
      const user = await send()
      if (user.id !== 'user_1') throw new Error('not the user')
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
}

async function compare() {
  mkdirSync(`${root}benchmarks/.build`, { recursive: true })
  await build({
    stdin: { contents: "export * from './index.ts'; export { user } from './samples.test-support.ts'", resolveDir: `${root}packages/backend/src` },
    bundle: true,
    platform: 'neutral',
    format: 'esm',
    outfile: bundled,
    alias: Object.fromEntries(['types', 'crypto'].map((name) => [`@latchkey/${name}`, `${root}packages/${name}/src/index.ts`])),
    logLevel: 'error',
  })
  const started = []
  const start = async (...args) => {
    const child = fork(fileURLToPath(import.meta.url), [...args, ...(quick ? ['--quick'] : [])])
    started.push(child)
    return { child, first: await next(child) }
  }
  try {
    const { first: port } = await start('serve')
    const running = []
    for (const name of Object.keys(clients)) running.push({ name, ...(await start('measure', name, `http://127.0.0.1:${port}`)) })
    for (const connections of [1, 8]) {
      const figures = new Map(running.map(({ name }) => [name, []]))
      for (let round = 0; round < ROUNDS; round++) {
        for (const { name, child } of running) {
          child.send(connections)
          figures.get(name).push(await next(child))
        }
      }
      const official = median(figures.get('@clerk/backend'))
      console.log(`\nusers.getUser, ${connections} at a time, Node ${process.versions.node}\n\n| client | CPU µs per request | of @clerk/backend |\n|---|--:|--:|`)
      for (const [name, rounds] of figures) console.log(`| ${name} | ${median(rounds).toFixed(0)} | ${(median(rounds) / official).toFixed(2)} |`)
    }
  } finally {
    for (const child of started) child.kill()
  }
}

function next(child) {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('a process ended early'))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message)
    })
  })
}
