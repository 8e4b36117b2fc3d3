import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))

/**
 * Starts the application as its own process, on a free port.
 *
 * @param {Record<string, string>} env its environment variables; it gets no others
 * @returns `url` and `stop()`; if it exited at once, `exitCode` and its output
 */
export async function startApp(env) {
  const child = spawn(process.execPath, ['server.js'], {
    cwd: folder,
    env: { PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const closed = once(child, 'close')
  while (!/^http:\S+$/m.test(output)) {
    const ended = await Promise.race([closed, once(child.stdout, 'data').then(() => null)])
    if (ended) return { exitCode: ended[0], output }
  }
  return {
    url: /^http:\S+$/m.exec(output)[0],
    async stop() {
      child.kill()
      const [exitCode] = await closed
      return exitCode
    },
  }
}
