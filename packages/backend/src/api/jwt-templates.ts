import type { JwtTemplateJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'

/** Templates for tokens for other services. */
export class JwtTemplatesApi extends Api {
  /**
   * Lists the templates.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/jwt-templates/GET/jwt_templates
   */
  async list(params: PageParams = {}): Promise<Page<JwtTemplate>> {
    return this.readPage(path`/jwt_templates`, { ...params, paginated: true })
  }

  /**
   * Gets a template by its id.
   *
   * @throws {ClerkAPIResponseError} With status 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/jwt-templates/GET/jwt_templates/%7Btemplate_id%7D
   */
  async get(templateId: string): Promise<JwtTemplate> {
    return this.read(path`/jwt_templates/${templateId}`)
  }

  /**
   * Creates a template; its name must be new.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/jwt-templates/POST/jwt_templates
   */
  async create(params: CreateJWTTemplateParams): Promise<JwtTemplate> {
    return this.post(path`/jwt_templates`, params)
  }

  /**
   * Replaces the contents of a template.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/jwt-templates/PATCH/jwt_templates/%7Btemplate_id%7D
   */
  async update({ templateId, ...body }: UpdateJWTTemplateParams): Promise<JwtTemplate> {
    return this.patch(path`/jwt_templates/${templateId}`, body)
  }

  /**
   * Deletes a template; tokens made with it stay valid.
   *
   * @throws {ClerkAPIResponseError} With status 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/jwt-templates/DELETE/jwt_templates/%7Btemplate_id%7D
   */
  async delete(templateId: string): Promise<DeletedObject> {
    return this.remove(path`/jwt_templates/${templateId}`)
  }
}

export interface JwtTemplate extends Resource<JwtTemplateJSON> {
  /** Seconds. */
  lifetime: number
  /** Seconds. */
  allowedClockSkew: number
}

export interface CreateJWTTemplateParams {
  name: string
  /** Claims, with shortcodes such as `{{user.id}}`. */
  claims: object
  /** Seconds, 30 to 315360000. Default is 60. */
  lifetime?: number | null
  /** Seconds, 0 to 300. Default is 5. */
  allowedClockSkew?: number | null
  customSigningKey?: boolean
  /** Required with `customSigningKey`. */
  signingAlgorithm?: string | null
  /** Private key, required with `customSigningKey`; never returned. */
  signingKey?: string | null
}

export interface UpdateJWTTemplateParams extends CreateJWTTemplateParams {
  templateId: string
}
