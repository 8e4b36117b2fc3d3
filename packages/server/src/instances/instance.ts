import { createHash } from 'node:crypto'
import type { Origin } from '../kernel/caller.js'
import { instances } from './instances.table.js'
import { defaultSettings, mergeSettings, type InstanceSettings } from './settings/settings.js'

/** An application's development or production environment: its users, sessions and settings are its own. */
export interface Instance {
  id: string
  environmentType: 'development' | 'production'
  name: string
  frontendHost: string
  isDefault: boolean
  /** The proxy of its primary domain, without a slash at the end; null where browsers go to the host. */
  proxyUrl: string | null
  settings: InstanceSettings
  createdAt: number
  updatedAt: number
}

/** What says where an instance is. */
export type Addressed = Pick<Instance, 'id' | 'isDefault' | 'environmentType' | 'frontendHost' | 'proxyUrl'>

export function toInstance(row: Record<string, unknown> & { proxy_url: string | null }): Instance {
  const record = instances.decode(row)
  return {
    ...record,
    proxyUrl: row.proxy_url,
    settings: mergeSettings(defaultSettings(record.environmentType), record.settings),
  }
}

/** The `iss` claim of the instance's tokens. */
export function issuerOf(instance: Instance): string {
  return `https://${instance.frontendHost}`
}

/**
 * The base of the instance's Frontend API, without a slash at the end. In production browsers are at the proxy of the
 * application or at the host in the publishable key, and their cookies too: a link to any other would find neither.
 *
 * @param caller whom it is for: a browser is led back to where it asked
 */
export function frontendApiUrlOf(
  { id, isDefault, environmentType, frontendHost, proxyUrl }: Addressed,
  publicUrl: string,
  { frontendUrl }: Pick<Origin, 'frontendUrl'> = {},
): string {
  if (frontendUrl !== undefined) return frontendUrl
  if (proxyUrl !== null) return proxyUrl
  if (isDefault) return publicUrl
  return environmentType === 'production' ? `https://${frontendHost}` : `${publicUrl}/i/${id}`
}

export function publishableKeyOf(instance: Pick<Instance, 'environmentType' | 'frontendHost'>): string {
  return `pk_${instance.environmentType === 'development' ? 'test' : 'live'}_${Buffer.from(`${instance.frontendHost}$`).toString('base64')}`
}

/** @returns the host in a publishable key, or undefined if the key is invalid */
export function frontendHostOf(publishableKey: string): string | undefined {
  const match = /^pk_(?:test|live)_([A-Za-z0-9+/=_-]+)$/.exec(publishableKey)
  const host = match && Buffer.from(match[1]!, 'base64').toString('utf8')
  return host && /^[a-z0-9.-]+(:\d+)?\$$/i.test(host) && host.includes('.') ? host.slice(0, -1) : undefined
}

/** What the names of an instance's cookies end with where several instances share a domain. */
export function cookieSuffixOf(instance: Pick<Instance, 'environmentType' | 'frontendHost'>): string {
  return createHash('sha1').update(publishableKeyOf(instance)).digest('base64url').slice(0, 8)
}
