import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Resolves `@latchkey/express` to the official package, in the process of the application. */
const OFFICIAL = ['--import', new URL('./use-official.js', import.meta.url).href]

/**
 * Starts the application as its own process, on a free port.
 *
 * @param {Record<string, string>} env its environment variables; it gets no others
 * @param {{ official?: boolean }} [options]
 * @returns `url` and `stop()`; if it exited at once, `exitCode`
 */
export async function startApp(env, { official = false } = {}) {
  const { PATH } = process.env
  const child = spawn(process.execPath, [...(official ? OFFICIAL : []), 'server.js'], {
    cwd: folder,
    env: { PATH, PORT: '0', CLERK_TELEMETRY_DISABLED: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const exited = once(child, 'exit')
  while (!/^http:\S+$/m.test(output)) {
    const ended = await Promise.race([exited, once(child.stdout, 'data').then(() => null)])
    if (ended) return { exitCode: ended[0], output: () => output, stop: async () => {} }
  }
  return {
    url: /^http:\S+$/m.exec(output)[0],
    output: () => output,
    async stop() {
      child.kill()
      await exited
    },
  }
}
