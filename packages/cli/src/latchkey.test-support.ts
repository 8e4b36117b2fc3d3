import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { buildPrograms } from '../../../scripts/build.mjs'

const program = fileURLToPath(new URL('../dist/latchkey.js', import.meta.url))

export interface Summary {
  apiUrl: string
  frontendApiUrl: string
  publishableKey: string
  secretKey: string
  jwtKey: string
  databaseUrl: string
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Put before a command, it lets root use files only as their modes say. The user stays root. */
const OBEYING = ['setpriv', '--bounding-set=-dac_override,-dac_read_search']

/**
 * The built program in a folder of its own.
 *
 * @param options `lasting`: what was started runs until the file's last test; otherwise it is ended with its test.
 *   `obeysModes`: root, too, may not read and write what the modes of files refuse
 */
export function useLatchkey({ lasting = false, obeysModes = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'))
  const children = new Set<ChildProcess>()
  beforeAll(() => buildPrograms())
  const end = async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    children.clear()
  }
  if (!lasting) afterEach(end)
  afterAll(async () => {
    await end()
    rmSync(folder, { recursive: true })
  })

  function launch(args: string[], environment: Record<string, string>) {
    const before = obeysModes && process.getuid?.() === 0 ? OBEYING : []
    const [command, ...rest] = [...before, process.execPath, program, ...args]
    const child = spawn(command!, rest, {
      cwd: folder,
      // The types of Next.js, where they are loaded too, say that NODE_ENV is always set.
      env: { PATH: process.env['PATH'], ...environment } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    const output = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...output })))
    return { child, ended, output }
  }

  return {
    folder,

    /** Runs a command to its end. */
    run: (args: string[], environment: Record<string, string> = {}): Promise<Ended> => launch(args, environment).ended,

    /** Runs a command with `--json` and parses what it prints. */
    async json<T>(args: string[], environment: Record<string, string> = {}): Promise<T> {
      const { code, stdout, stderr } = await launch([...args, '--json'], environment).ended
      if (code !== 0) throw new Error(`latchkey ${args.join(' ')} ended with ${code}: ${stderr}`)
      return JSON.parse(stdout) as T
    },

    /** Starts a command as people do, looks at it once it has printed a line, and ends it. @returns what `look` found */
    async lookAt<T>(args: string[], last: RegExp, look: (lines: string[]) => Promise<T>): Promise<T> {
      const { child, ended } = launch(args, {})
      const lines: string[] = []
      for await (const line of createInterface({ input: child.stdout! })) {
        lines.push(line)
        if (last.test(line)) break
      }
      try {
        return await look(lines)
      } finally {
        child.kill()
        await ended
      }
    },

    /** Runs `dev` or `start` with `--json` until `stop()`, on a free port unless the arguments name one. */
    async serve(args: string[], environment: Record<string, string> = {}) {
      const { child, ended, output } = launch(
        [...args, ...(args.includes('--port') ? [] : ['--port', '0']), '--json'],
        environment,
      )
      const line = await Promise.race([
        once(createInterface({ input: child.stdout! }), 'line').then(([text]) => String(text)),
        ended.then(({ code, stderr }) =>
          Promise.reject(new Error(`latchkey ${args.join(' ')} ended with ${code}: ${stderr}`)),
        ),
      ])
      const summary = JSON.parse(line) as Summary
      return {
        ...summary,
        pid: child.pid!,
        /** What it has printed to standard error so far. */
        printed: () => output.stderr,
        api: (path: string, init: RequestInit = {}) =>
          fetch(`${summary.apiUrl}/v1${path}`, {
            ...init,
            headers: { authorization: `Bearer ${summary.secretKey}`, 'content-type': 'application/json' },
          }),
        stop(signal: NodeJS.Signals = 'SIGTERM') {
          child.kill(signal)
          return ended
        },
      }
    },
  }
}

/** @returns the user's id */
export async function createUser(
  server: { api(path: string, init?: RequestInit): Promise<Response> },
  email: string,
): Promise<string> {
  const response = await server.api('/users', { method: 'POST', body: JSON.stringify({ email_address: [email] }) })
  expect(response.status).toBe(200)
  return ((await response.json()) as { id: string }).id
}
