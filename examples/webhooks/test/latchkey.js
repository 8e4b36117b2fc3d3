import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../../packages/cli/dist/latchkey.js', import.meta.url))

/**
 * Starts Latchkey as its own process, with its data in a folder, so that it can be killed and started again.
 *
 * @param {string} folder
 * @param {number} [port] default is a free one
 */
export async function startLatchkey(folder, port = 0) {
  const options = ['dev', '--json', '--port', String(port), '--database', `${folder}/latchkey.db`]
  const stdio = ['ignore', 'pipe', 'inherit']
  const child = spawn(process.execPath, [program, ...options], { env: {}, cwd: folder, stdio })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const { apiUrl, secretKey } = JSON.parse(line)
  return {
    url: apiUrl,
    port: Number(new URL(apiUrl).port),
    secretKey,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
