import type { InstanceSummary, Server } from '@latchkey/server'
import { CommandError } from '../command-error.js'
import type { Environment } from '../environment.js'
import { parseHomeUrl, requireHttps, setHomeUrl } from '../home-url.js'
import { formatTime, type Result, table } from '../output.js'
import {
  findSecretKeyFile,
  findSetting,
  parseChoice,
  parseName,
  parsePublicUrl,
  type Flags,
  invalid,
} from '../settings.js'
import { withServer } from './with-server.js'

const ENVIRONMENTS = ['development', 'production'] as const

export async function createInstance(flags: Flags, environment: Environment): Promise<Result> {
  const type = findSetting('environment', flags, environment)
  const environmentType = type ? parseChoice(type, ENVIRONMENTS) : 'development'
  const givenName = findSetting('name', flags, environment)
  const name = givenName && parseName(givenName)
  const host = findSetting('frontend-host', flags, environment)
  const { isFrontendHost } = await import('@latchkey/server')
  if (host && !isFrontendHost(host.value)) {
    throw invalid(host, 'a host name with a dot, such as clerk.example.com', host.value)
  }
  const frontendHost = host?.value
  const secretKey = findSecretKeyFile(flags, environment)
  const givenHomeUrl = findSetting('home-url', flags, environment)
  const homeUrl = givenHomeUrl && parseHomeUrl(givenHomeUrl)
  if (homeUrl) requireHttps(environmentType, homeUrl)
  return withServer(flags, environment, async (server) => {
    const isFirst = (await server.admin.listInstances()).length === 0
    const created = await server.createInstance({
      environmentType,
      isDefault: isFirst,
      ...(name === undefined ? {} : { name }),
      ...(frontendHost === undefined ? {} : { frontendHost }),
      ...(secretKey === undefined ? {} : { secretKey }),
    })
    if (homeUrl) await setHomeUrl(server, created, homeUrl)
    const { apiUrl, frontendApiUrl, ...instance } = { ...created, ...(homeUrl ? { homeUrl } : {}) }
    // Its signing key is sealed with the encryption key of now: with another one no server starts.
    await server.admin.jwtKey(instance.id)
    return {
      lines: [
        `${instance.id} (${instance.environmentType})`,
        `CLERK_PUBLISHABLE_KEY=${instance.publishableKey}`,
        `CLERK_SECRET_KEY=${instance.secretKey}`,
        'The secret key is shown only once: the database stores a hash.',
      ],
      // Where it will be found is known only to those who serve it, unless they say so here too.
      json: findSetting('public-url', flags, environment) ? { ...instance, apiUrl, frontendApiUrl } : instance,
    }
  })
}

export function listInstances(flags: Flags, environment: Environment): Promise<Result> {
  return withServer(flags, environment, async (server) => {
    const instances = await server.admin.listInstances()
    const rows = instances.map(({ id, name, environmentType, publishableKey, createdAt, isDefault }) => [
      id,
      name,
      environmentType,
      publishableKey,
      formatTime(createdAt),
      isDefault ? 'default' : '',
    ])
    return { lines: table(['ID', 'NAME', 'ENVIRONMENT', 'PUBLISHABLE KEY', 'CREATED', ''], rows), json: instances }
  })
}

/** Only with `--yes`: nothing brings an instance back but a backup. */
export function deleteInstance(id: string, flags: Flags, environment: Environment): Promise<Result> {
  return withServer(
    flags,
    environment,
    async (server) => {
      const instance = await existing(server, id)
      if (flags['yes'] !== true) {
        throw new CommandError(
          `This deletes ${id} (${instance.name}, ${instance.environmentType}) with its users, keys and everything else. To do it, add --yes`,
        )
      }
      await server.admin.deleteInstance(id)
      return { lines: [`Deleted ${id} (${instance.name}), with everything in it`], json: { id, deleted: true } }
    },
    { opensSecrets: false },
  )
}

export function setDefaultInstance(id: string, flags: Flags, environment: Environment): Promise<Result> {
  return withServer(
    flags,
    environment,
    async (server) => {
      await existing(server, id)
      const instance = await server.admin.setDefaultInstance(id)
      return { lines: [`${id} is the default instance now. Every node knows within a second.`], json: instance }
    },
    { opensSecrets: false },
  )
}

/** Where people go after signing in. A running server knows it within a second. */
export function setInstanceHomeUrl(id: string, url: string, flags: Flags, environment: Environment): Promise<Result> {
  const homeUrl = parsePublicUrl({ value: url, source: '<url>' })
  return withServer(
    flags,
    environment,
    async (server) => {
      const instance = await existing(server, id)
      requireHttps(instance.environmentType, homeUrl)
      await setHomeUrl(server, instance, homeUrl)
      return { lines: [`People of ${id} go to ${homeUrl} after signing in`], json: { ...instance, homeUrl } }
    },
    { opensSecrets: false },
  )
}

async function existing({ admin }: Server, id: string): Promise<InstanceSummary> {
  const instance = (await admin.listInstances()).find((one) => one.id === id)
  if (instance) return instance
  throw new CommandError(`There is no instance ${id}. See: latchkey instances list`)
}
