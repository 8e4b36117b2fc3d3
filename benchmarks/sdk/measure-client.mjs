import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { median } from '../lib/drive.mjs'
import { clients } from './clients.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const worker = fileURLToPath(new URL('./client-worker.mjs', import.meta.url))

/** Goal: at most this fraction of the official client's CPU time. */
const GOAL = 0.5

/** As an application states it that wants speed. */
const OURS = '@latchkey/backend over node:http'
const OFFICIAL = '@clerk/backend'

const CLIENTS = Object.keys(clients)

/**
 * Cost of one `users.getUser` in the calling process, against a bare node:http server that always answers with the same
 * user. Client and server are separate processes; rounds alternate between the clients.
 */
export async function measureClient({ quick, log }) {
  return report(await measureClients({ quick, log }))
}

/**
 * CPU time of each client for one request, in µs: rounds by client, by the number of requests at a time.
 *
 * @param {{ quick: boolean, log(text: string): void, program?: string }} options `program` is the Node to measure with.
 *   Default is this one.
 * @returns {Promise<Record<number, Record<string, number[]>>>}
 */
export async function measureClients({ quick, log, program = process.execPath }) {
  const [rounds, warmUp, requests] = quick ? [3, 1000, 3000] : [7, 2000, 10_000]
  const started = []
  const start = async (...args) => {
    const child = fork(worker, args, { execPath: program })
    started.push(child)
    return { child, first: await nextMessage(child) }
  }
  try {
    const { first: port } = await start('serve', JSON.stringify(await sampleUser()))
    const running = []
    for (const name of CLIENTS)
      running.push({ name, ...(await start('measure', name, `http://127.0.0.1:${port}`, String(warmUp))) })
    const figures = {}
    for (const connections of [1, 8]) {
      log(`sdk: users.getUser, ${connections} at a time`)
      figures[connections] = Object.fromEntries(CLIENTS.map((name) => [name, []]))
      for (let round = 0; round < rounds; round++) {
        for (const { name, child } of running) {
          child.send({ requests, connections })
          figures[connections][name].push(await nextMessage(child))
        }
      }
    }
    return figures
  } finally {
    for (const child of started) child.kill()
  }
}

function report(figures) {
  const cost = (connections, name) => median(figures[connections][name])
  const rows = CLIENTS.map((name) => {
    const cells = Object.keys(figures).map(
      (connections) =>
        `${cost(connections, name).toFixed(0)} | ${(cost(connections, name) / cost(connections, OFFICIAL)).toFixed(2)}`,
    )
    return `| ${name} | ${cells.join(' | ')} |`
  })
  const goals = Object.keys(figures).map((connections) => {
    const ratio = cost(connections, OURS) / cost(connections, OFFICIAL)
    return {
      goal: `users.getUser over node:http, ${connections} at a time, CPU`,
      wanted: `${GOAL} of official`,
      measured: ratio.toFixed(2),
      official: `${cost(connections, OFFICIAL).toFixed(0)} µs`,
      reached: ratio <= GOAL,
    }
  })
  const table = [
    '### users.getUser',
    '',
    '| client | CPU µs, 1 at a time | of official | CPU µs, 8 at a time | of official |',
    '|---|--:|--:|--:|--:|',
    ...rows,
  ].join('\n')
  return { table, goals }
}

async function sampleUser() {
  const { outputFiles } = await build({
    entryPoints: [`${root}packages/backend/src/samples.test-support.ts`],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  })
  const { user } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  )
  return user
}

function nextMessage(child) {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('A process of the measurement ended early.'))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message)
    })
  })
}
