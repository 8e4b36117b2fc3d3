import { get } from 'node:http'
import { isIPv6 } from 'node:net'
import { CommandError } from '../command-error.js'
import type { Environment } from '../environment.js'
import type { Result } from '../output.js'
import { DEFAULT_HOST, DEFAULT_PORT } from '../serve-options.js'
import { findSetting, type Flags, invalid, parseInteger, type Setting } from '../settings.js'

/** Milliseconds in which the server must answer. It gives its database one second. */
const PATIENCE = 3000

/** Addresses that mean all of this machine's: a server that listens there is asked at `localhost`. */
const ALL = ['0.0.0.0', '::']

/** `latchkey health`: for containers and supervisors, which need no other program for it. */
export async function health(flags: Flags, environment: Environment): Promise<Result> {
  const port = findSetting('port', flags, environment)
  const host = findSetting('host', flags, environment)
  const name = host === undefined || ALL.includes(host.value) ? DEFAULT_HOST : host.value
  const at = isIPv6(name) ? `[${name}]` : name
  const base = `http://${at}:${port ? parseInteger(port, 1, 65_535, 'a port') : DEFAULT_PORT}`
  const url = `${base}${flags['live'] === true ? '/livez' : '/readyz'}`
  const status = await ask(url, host)
  if (status !== 200) throw new CommandError(`Not ready: ${url} answers ${status}. Its log says why.`)
  return { lines: [`${flags['live'] === true ? 'Alive' : 'Ready'}: ${url}`], json: { url, status } }
}

/** Not with `fetch`, which refuses ports of other protocols, such as 6000. */
async function ask(url: string, host: Setting | undefined): Promise<number> {
  try {
    return await statusOf(url)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (host && ['ENOTFOUND', 'EAI_AGAIN', 'ERR_INVALID_URL'].includes(code!))
      throw invalid(host, 'an address of this machine', host.value)
    throw new CommandError(`Not ready: ${url} cannot be asked (${code ?? message})`)
  }
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, (answer) => {
      answer.resume()
      clearTimeout(timer)
      resolve(answer.statusCode!)
    })
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${PATIENCE} ms`)), PATIENCE)
    request.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
  })
}
