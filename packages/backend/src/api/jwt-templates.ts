import type { DeletedObjectJSON, JwtTemplateJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'
import { toDeletedObject, type DeletedObject } from './deleted-objects.js'

export class JwtTemplatesApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  async list(params: PageParams = {}): Promise<Page<JwtTemplate>> {
    return this.client.list(path`/jwt_templates`, toJwtTemplate, { ...params, paginated: true })
  }

  async get(templateId: string): Promise<JwtTemplate> {
    return toJwtTemplate(await this.client.request('GET', path`/jwt_templates/${templateId}`))
  }

  async create(params: CreateJWTTemplateParams): Promise<JwtTemplate> {
    return toJwtTemplate(await this.client.request('POST', path`/jwt_templates`, { body: params }))
  }

  async update({ templateId, ...body }: UpdateJWTTemplateParams): Promise<JwtTemplate> {
    return toJwtTemplate(await this.client.request('PATCH', path`/jwt_templates/${templateId}`, { body }))
  }

  async delete(templateId: string): Promise<DeletedObject> {
    return toDeletedObject(await this.client.request<DeletedObjectJSON>('DELETE', path`/jwt_templates/${templateId}`))
  }
}

export interface JwtTemplate {
  id: string
  name: string
  /** Claims, with shortcodes such as `{{user.id}}`. */
  claims: object
  /** Seconds. */
  lifetime: number
  /** Seconds. */
  allowedClockSkew: number
  customSigningKey: boolean
  signingAlgorithm: string
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
}

export interface CreateJWTTemplateParams {
  name: string
  claims: object
  /** Seconds, 30 to 315360000. Default is 60. */
  lifetime?: number | null
  /** Seconds, 0 to 300. Default is 5. */
  allowedClockSkew?: number | null
  customSigningKey?: boolean
  /** Needed with `customSigningKey`. */
  signingAlgorithm?: string | null
  /** Private key, needed with `customSigningKey`. */
  signingKey?: string | null
}

export interface UpdateJWTTemplateParams extends CreateJWTTemplateParams {
  templateId: string
}

export function toJwtTemplate(json: JwtTemplateJSON): JwtTemplate {
  return {
    id: json.id,
    name: json.name,
    claims: json.claims,
    lifetime: json.lifetime,
    allowedClockSkew: json.allowed_clock_skew,
    customSigningKey: json.custom_signing_key,
    signingAlgorithm: json.signing_algorithm,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  }
}
