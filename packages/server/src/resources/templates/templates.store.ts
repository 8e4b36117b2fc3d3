import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { TemplateChanges } from './templates.rules.js'
import { templates, type TemplateRecord } from './templates.table.js'

export type TemplateKey = Pick<TemplateRecord, 'templateType' | 'slug'>

export class TemplateStore extends Rows<typeof templates> {
  constructor(owner: Owner) {
    super(templates, owner)
  }

  /** Changes the row of the template, or makes it. */
  async write(key: TemplateKey, changes: TemplateChanges, tx: Tx): Promise<TemplateRecord> {
    for (;;) {
      const row = await this.change(tx)
        .set(templates.encode({ ...changes, updatedAt: this.owner.clock.now() }))
        .where('template_type', '=', key.templateType)
        .where('slug', '=', key.slug)
        .returningAll()
        .executeTakeFirst()
      if (row) return this.decode(row)
      const created = await this.create({ ...key, deliveredByClerk: true, ...changes }, tx)
      // Otherwise somebody else has made it meanwhile.
      if (created) return created
    }
  }

  async deleteByKey({ templateType, slug }: TemplateKey, tx: Tx): Promise<TemplateRecord | undefined> {
    const row = await this.remove(tx)
      .where('template_type', '=', templateType)
      .where('slug', '=', slug)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }
}
