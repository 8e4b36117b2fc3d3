import type { TemplateJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** @deprecated By Clerk, whose dashboard has taken their place. A Latchkey server has no dashboard and keeps them. */
export class TemplatesApi extends Api {
  /**
   * Lists the templates of e-mails or of text messages.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/email--sms-templates/GET/templates/%7Btemplate_type%7D
   */
  async list({ templateType, ...query }: GetTemplateListParams): Promise<Page<Template>> {
    return this.readPage(path`/templates/${templateType}`, { ...query, paginated: true })
  }

  /**
   * Gets a template.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/email--sms-templates/GET/templates/%7Btemplate_type%7D/%7Bslug%7D
   */
  async get({ templateType, slug }: TemplateParams): Promise<Template> {
    return this.read(path`/templates/${templateType}/${slug}`)
  }

  /**
   * Changes a template, or creates it.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 402, 403, 404, 422, 423 or 429.
   * @see https://clerk.com/docs/reference/backend-api/tag/email--sms-templates/PUT/templates/%7Btemplate_type%7D/%7Bslug%7D
   */
  async update({ templateType, slug, ...body }: UpdateTemplateParams): Promise<Template> {
    return this.put(path`/templates/${templateType}/${slug}`, body)
  }

  /**
   * Reverts all changes of a template.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 402 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/email--sms-templates/POST/templates/%7Btemplate_type%7D/%7Bslug%7D/revert
   */
  async revert({ templateType, slug }: TemplateParams): Promise<Template> {
    return this.post(path`/templates/${templateType}/${slug}/revert`)
  }

  /**
   * Renders a template with sample data.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/email--sms-templates/POST/templates/%7Btemplate_type%7D/%7Bslug%7D/preview
   */
  async preview({ templateType, slug, ...body }: PreviewTemplateParams): Promise<Record<string, unknown>> {
    return this.post(path`/templates/${templateType}/${slug}/preview`, body)
  }

  /**
   * Sets whether the server sends the messages of a template, or only passes them to the application by webhook.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404, 423 or 429.
   * @see https://clerk.com/docs/reference/backend-api/tag/email--sms-templates/POST/templates/%7Btemplate_type%7D/%7Bslug%7D/toggle_delivery
   */
  async toggleDelivery({ templateType, slug, ...body }: ToggleTemplateDeliveryParams): Promise<Template> {
    return this.post(path`/templates/${templateType}/${slug}/toggle_delivery`, body)
  }
}

/** A template of e-mails or text messages. */
export type Template = Resource<TemplateJSON>

export type TemplateType = 'email' | 'sms'

export interface GetTemplateListParams extends PageParams {
  templateType: TemplateType
}

export interface TemplateParams {
  templateType: TemplateType
  /** Such as `verification_code`. */
  slug: string
}

export interface PreviewTemplateParams extends TemplateParams {
  /** Of e-mails only. */
  subject?: string | null
  body?: string
  /** The part of the sender's address before the `@`. */
  fromEmailName?: string
  /** The part of the address before the `@`. */
  replyToEmailName?: string
}

export interface UpdateTemplateParams extends PreviewTemplateParams {
  name?: string
  /** The source that the dashboard's editor works on. */
  markup?: string | null
  deliveredByClerk?: boolean | null
}

export interface ToggleTemplateDeliveryParams extends TemplateParams {
  deliveredByClerk: boolean
}
