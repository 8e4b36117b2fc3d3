import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import { systemTemplates } from '../../outbox/messages/system-templates.js'
import { commonData, render, type Override } from '../../outbox/messages/wording.js'
import { applicationOf } from './application.rules.js'
import { fieldNames } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { templateErrors } from './templates.errors.js'
import {
  parseTemplateInput,
  parseType,
  parseWordingInput,
  sampleData,
  systemTemplate,
  type TemplateChanges,
  type TemplateInput,
  type WordingInput,
} from './templates.rules.js'
import { TemplateStore, type TemplateKey } from './templates.store.js'
import type { Preview, ShownTemplate } from './templates.wire.js'

export interface TemplateListRequest {
  /** Default is 10 in pages, and everything otherwise. */
  limit?: number | undefined
  offset: number
  paginated: boolean
}

/**
 * The wording and the delivery of an instance's messages. Every method throws 400 `template_type_unsupported` and 404
 * `resource_not_found`.
 */
export class TemplateService {
  readonly #store: TemplateStore

  constructor(private readonly context: InstanceContext) {
    this.#store = new TemplateStore(context)
  }

  /** By position. */
  async list(type: string, { limit, offset, paginated }: TemplateListRequest): Promise<Page<ShownTemplate>> {
    const templateType = parseType(type)
    const changed = await this.#store.list({ templateType })
    const all = systemTemplates.filter(({ channel }) => channel === templateType)
    const end = limit === undefined && !paginated ? all.length : offset + (limit ?? 10)
    const data = all
      .slice(offset, end)
      .map((system) => ({ system, row: changed.find(({ slug }) => slug === system.slug) }))
    return { data, totalCount: all.length }
  }

  async get(type: string, slug: string): Promise<ShownTemplate> {
    const system = systemTemplate(type, slug)
    return { system, row: await this.#store.findBy({ templateType: system.channel, slug }) }
  }

  /** @throws {ApiError} as `parseTemplateInput` does */
  async upsert(type: string, slug: string, input: TemplateInput, caller: Caller): Promise<ShownTemplate> {
    return this.#write(type, slug, parseTemplateInput(systemTemplate(type, slug), input), caller)
  }

  /** Whether the server delivers the messages. Otherwise the application does, told by the event. */
  async toggleDelivery(type: string, slug: string, deliveredByClerk: boolean, caller: Caller): Promise<ShownTemplate> {
    return this.#write(type, slug, { deliveredByClerk }, caller)
  }

  /**
   * Switches a notice on or off: then there is neither a message nor an event.
   *
   * @throws {ApiError} 422 `form_param_value_invalid` for a message that people need to go on
   */
  async toggle(type: string, slug: string, enabled: boolean, caller: Caller): Promise<ShownTemplate> {
    if (!systemTemplate(type, slug).isNotice)
      throw errors.paramValueInvalid('enabled', 'can be changed of notices only')
    return this.#write(type, slug, { disabledAt: enabled ? null : this.context.clock.now() }, caller)
  }

  /**
   * Undoes every change, that of the delivery too.
   *
   * @throws {ApiError} 400 `template_revert_error`
   */
  async revert(type: string, slug: string, caller: Caller): Promise<ShownTemplate> {
    const system = systemTemplate(type, slug)
    return this.context.transaction(caller, async (tx) => {
      const row = await this.#store.deleteByKey({ templateType: system.channel, slug }, tx)
      if (!row) throw templateErrors.nothingToRevert(slug)
      await tx.audit('template.reverted', row.id)
      return { system, row: undefined }
    })
  }

  /**
   * Renders the template, with what is given instead of what it has. Changes nothing.
   *
   * @throws {ApiError} 422 `invalid_template_body`, also for one that becomes too large
   */
  async preview(type: string, slug: string, input: WordingInput): Promise<Preview> {
    const { system, row } = await this.get(type, slug)
    const given = parseWordingInput(system, input, { complete: false })
    const { settings } = this.context.instance
    const common = commonData(applicationOf(this.context), this.context.clock.now())
    const body = given.body ?? row?.body
    const source = {
      subject: given.subject ?? row?.subject ?? system.subject,
      body: body ?? system.body,
      text: body == null ? system.text : null,
    }
    const rendered = render(system.channel, source, { ...common, ...sampleData(system) })
    if (!rendered) throw templateErrors.invalid('body', 'the message would be too large')
    const isMail = system.channel === 'email'
    return {
      subject: rendered.subject,
      body: rendered.body,
      fromEmailName: isMail ? (given.fromEmailName ?? row?.fromEmailName ?? settings.fromEmailName) : '',
      replyToEmailName: given.replyToEmailName ?? row?.replyToEmailName ?? '',
    }
  }

  /** What the instance changed of a message, for whoever sends it. */
  findOverride(templateType: TemplateKey['templateType'], slug: string, tx: Tx): Promise<Override | undefined> {
    return this.#store.findBy({ templateType, slug }, tx)
  }

  async #write(type: string, slug: string, changes: TemplateChanges, caller: Caller): Promise<ShownTemplate> {
    const system = systemTemplate(type, slug)
    return this.context.transaction(caller, async (tx) => {
      const row = await this.#store.write({ templateType: system.channel, slug }, changes, tx)
      await tx.audit('template.updated', row.id, fieldNames(changes))
      return { system, row }
    })
  }
}
