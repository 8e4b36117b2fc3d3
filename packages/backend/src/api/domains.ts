import type { CnameTargetJSON, DomainJSON } from '@latchkey/types'
import type { Page } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource, Translated } from './resource.js'

/** The domains of an instance: the primary one, and satellites that share its sessions. */
export class DomainsApi extends Api {
  /**
   * Lists the instance's domains: the primary one and its satellites.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/domains/GET/domains
   */
  async list(): Promise<Page<Domain>> {
    return this.readPage(path`/domains`)
  }

  /**
   * Adds a satellite domain.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/domains/POST/domains
   */
  async add(params: AddDomainParams): Promise<Domain> {
    return this.post(path`/domains`, params)
  }

  /**
   * Changes a domain.
   *
   * @throws {ClerkAPIResponseError} With status 400, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/domains/PATCH/domains/%7Bdomain_id%7D
   */
  async update({ domainId, ...body }: UpdateDomainParams): Promise<Domain> {
    return this.patch(path`/domains/${domainId}`, body)
  }

  /**
   * Deletes a satellite domain.
   *
   * @throws {ClerkAPIResponseError} With status 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/domains/DELETE/domains/%7Bdomain_id%7D
   */
  async delete(domainId: string): Promise<DeletedObject> {
    return this.remove(path`/domains/${domainId}`)
  }

  /**
   * Deletes a satellite domain.
   *
   * @deprecated Use {@link delete}.
   * @throws {ClerkAPIResponseError} With status 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/domains/DELETE/domains/%7Bdomain_id%7D
   */
  async deleteDomain(domainId: string): Promise<DeletedObject> {
    return this.remove(path`/domains/${domainId}`)
  }
}

export interface Domain extends Resource<DomainJSON> {
  cnameTargets: CnameTarget[]
}

/** A DNS record that the domain needs. */
export type CnameTarget = Translated<CnameTargetJSON>

/** Named as on the wire, because `@clerk/backend` takes them that way. */
export interface AddDomainParams {
  /** Such as `example.com`. */
  name: string
  is_satellite: boolean
  /** URL of the proxy of the Frontend API; production only. */
  proxy_url?: string | null
}

export interface UpdateDomainParams extends Partial<Pick<AddDomainParams, 'name' | 'proxy_url'>> {
  domainId: string
  is_secondary?: boolean | null
}
