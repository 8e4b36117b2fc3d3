import { fork } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const REPORT_CPU = fileURLToPath(new URL('./report-cpu.mjs', import.meta.url))

/**
 * Starts a Node program that serves HTTP, and waits until `url` responds.
 *
 * @param {string} script
 * @param {string[]} args
 * @param {{ url: string, headers?: Record<string, string>, env?: Record<string, string>, limit?: number }} options
 */
export async function startProcess(script, args, { url, headers = {}, env = {}, limit = 60_000 }) {
  const started = performance.now()
  const child = fork(script, args, {
    execArgv: ['--import', REPORT_CPU],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  let gone = false
  void exited.then(() => (gone = true))
  for (;;) {
    if (gone) throw new Error(`${script} ended before it answered`)
    if (performance.now() - started > limit) throw new Error(`${script} did not answer within ${limit} ms`)
    const answered = await fetch(url, { headers }).then(
      (response) => response.arrayBuffer().then(() => response.status < 500),
      () => false,
    )
    if (answered) break
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return {
    /** Milliseconds from the start of the process to its first answer. */
    startMs: performance.now() - started,
    /** @returns {Promise<{ cpu: { user: number, system: number }, memory: number }>} microseconds and bytes */
    usage() {
      return new Promise((resolve) => {
        child.once('message', resolve)
        child.send('usage')
      })
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
