import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { accessErrors } from '../access/access.errors.js'
import { Rows } from '../../storage/rows.js'
import { parseRedirectUrl } from './redirect-urls.rules.js'
import { redirectUrls, type RedirectUrlRecord } from './redirect-urls.table.js'

/** URLs that people may be sent to after signing in with another provider, or with a link. */
export class RedirectUrlService {
  readonly #rows: Rows<typeof redirectUrls>
  readonly get: Rows<typeof redirectUrls>['get']
  readonly list: Rows<typeof redirectUrls>['page']

  constructor(private readonly context: InstanceContext) {
    this.#rows = new Rows(redirectUrls, context)
    this.get = (id) => this.#rows.get(id)
    this.list = (page) => this.#rows.page(page)
  }

  /** Whether people may be sent to this very URL. */
  async has(url: string): Promise<boolean> {
    return (await this.#rows.findBy({ url })) !== undefined
  }

  /**
   * @param id default is a new one
   * @throws {ApiError} 422 `form_param_format_invalid`, `insecure_url`; 400 `duplicate_record`
   */
  create({ url, id }: { url: string; id?: string | undefined }, caller: Caller): Promise<RedirectUrlRecord> {
    const parsed = parseRedirectUrl(url, this.context.instance.environmentType)
    return this.context.transaction(caller, async (tx) => {
      const record = await this.#rows.create({ ...(id === undefined ? {} : { id }), url: parsed }, tx)
      if (!record) throw accessErrors.duplicate('url', url)
      await tx.audit('redirect_url.created', record.id)
      return record
    })
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  delete(id: string, caller: Caller): Promise<RedirectUrlRecord> {
    return this.context.transaction(caller, async (tx) => {
      const record = await this.#rows.delete(id, tx)
      await tx.audit('redirect_url.deleted', id)
      return record
    })
  }
}
