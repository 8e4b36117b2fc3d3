import type { OAuthApplicationJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'

/** Applications that sign users in through this instance, which acts as their identity provider. */
export class OAuthApplicationsApi extends Api {
  /**
   * Lists the applications that sign their users in through the instance.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/oauth-applications/GET/oauth_applications
   */
  async list(params: GetOAuthApplicationListParams = {}): Promise<Page<OAuthApplication>> {
    return this.readPage(path`/oauth_applications`, params)
  }

  /**
   * Gets an application by its id.
   *
   * @throws {ClerkAPIResponseError} With status 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/oauth-applications/GET/oauth_applications/%7Boauth_application_id%7D
   */
  async get(oauthApplicationId: string): Promise<OAuthApplication> {
    return this.read(path`/oauth_applications/${oauthApplicationId}`)
  }

  /**
   * Creates an application. Only this answer contains its secret.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/oauth-applications/POST/oauth_applications
   */
  async create(params: CreateOAuthApplicationParams): Promise<OAuthApplication> {
    return this.post(path`/oauth_applications`, params)
  }

  /**
   * Changes an application.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/oauth-applications/PATCH/oauth_applications/%7Boauth_application_id%7D
   */
  async update({ oauthApplicationId, ...body }: UpdateOAuthApplicationParams): Promise<OAuthApplication> {
    return this.patch(path`/oauth_applications/${oauthApplicationId}`, body)
  }

  /**
   * Deletes an application; its tokens stop working.
   *
   * @throws {ClerkAPIResponseError} With status 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/oauth-applications/DELETE/oauth_applications/%7Boauth_application_id%7D
   */
  async delete(oauthApplicationId: string): Promise<DeletedObject> {
    return this.remove(path`/oauth_applications/${oauthApplicationId}`)
  }

  /**
   * Replaces the secret of an application. Only this answer contains the new secret.
   *
   * @throws {ClerkAPIResponseError} With status 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/oauth-applications/POST/oauth_applications/%7Boauth_application_id%7D/rotate_secret
   */
  async rotateSecret(oauthApplicationId: string): Promise<OAuthApplication> {
    return this.post(path`/oauth_applications/${oauthApplicationId}/rotate_secret`)
  }

  /**
   * Revokes a token of an application.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/oauth-applications/POST/oauth_applications/%7Boauth_application_id%7D/revoke_token
   */
  async revokeToken({ oauthApplicationId, ...body }: RevokeOAuthApplicationTokenParams): Promise<void> {
    return this.post(path`/oauth_applications/${oauthApplicationId}/revoke_token`, body)
  }

  /**
   * Sets the picture of an application: PNG, JPEG, GIF or WebP, at most 10 MB.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 413.
   * @see https://clerk.com/docs/reference/backend-api/tag/oauth-applications/PUT/oauth_applications/%7Boauth_application_id%7D/logo
   */
  async updateLogo({ oauthApplicationId, ...parts }: UpdateOAuthApplicationLogoParams): Promise<OAuthApplication> {
    return this.upload('PUT', path`/oauth_applications/${oauthApplicationId}/logo`, parts)
  }
}

export interface OAuthApplication extends Resource<OAuthApplicationJSON> {
  /** The application cannot keep a secret, for example because it runs in a browser. */
  isPublic: boolean
}

export interface GetOAuthApplicationListParams extends PageParams {
  /** Part of a name. */
  nameQuery?: string
  /** `-` sorts in descending order. Default is `+created_at`. */
  orderBy?: `${'' | '+' | '-'}${'name' | 'created_at'}`
}

export interface CreateOAuthApplicationParams {
  /** At most 256 characters. */
  name: string
  redirectUris?: string[] | null
  /**
   * At most 1024 characters.
   *
   * @deprecated Use `redirectUris`.
   */
  callbackUrl?: string | null
  /** Separated by spaces, at most 1024 characters. Default is `profile email`. */
  scopes?: string | null
  /** The application cannot keep a secret, for example because it runs in a browser. Default is false. */
  public?: boolean | null
  /** Asks users whether the application may act for them. Default is true. */
  consentScreenEnabled?: boolean | null
  pkceRequired?: boolean | null
}

export interface UpdateOAuthApplicationParams extends Partial<CreateOAuthApplicationParams> {
  oauthApplicationId: string
}

export interface RevokeOAuthApplicationTokenParams {
  oauthApplicationId: string
  /** An access or a refresh token. */
  token: string
}

export interface UpdateOAuthApplicationLogoParams {
  oauthApplicationId: string
  file: Blob | File
  /** Id of the user who uploads it. */
  uploaderUserId?: string
}
