import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import { images } from '../../storage/tables.js'

export class ImageStore extends InstanceRows<typeof images> {
  constructor(queries: Queries, instanceId: string) {
    super(queries, 'images', images, instanceId)
  }

  async ownerOf(id: string, tx: Queries): Promise<string | undefined> {
    const row = await tx
      .selectFrom('images')
      .select('user_id')
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.user_id
  }

  /** Gives a user the same picture under an id of its own, without taking it out of the database. */
  async copy(id: string, copy: { id: string; userId: string; createdAt: number }, tx: Queries): Promise<void> {
    await tx
      .insertInto('images')
      .columns(['id', 'instance_id', 'user_id', 'content_type', 'content', 'created_at'])
      .expression((eb) =>
        eb
          .selectFrom('images')
          .select([
            eb.val(copy.id).as('id'),
            'instance_id',
            eb.val(copy.userId).as('user_id'),
            'content_type',
            'content',
            eb.cast<number>(eb.val(copy.createdAt), 'bigint').as('created_at'),
          ])
          .where('instance_id', '=', this.instanceId)
          .where('id', '=', id),
      )
      .execute()
  }

  async deleteOthers(userId: string, id: string, tx: Queries): Promise<void> {
    await tx
      .deleteFrom('images')
      .where('instance_id', '=', this.instanceId)
      .where('user_id', '=', userId)
      .where('id', '!=', id)
      .execute()
  }
}

/** Pictures as anybody may see them, in whichever instance: who has an id was shown it with a user. */
export const publicImages = {
  async contentType(id: string, queries: Queries): Promise<string | undefined> {
    const row = await queries.selectFrom('images').select('content_type').where('id', '=', id).executeTakeFirst()
    return row?.content_type
  },

  async content(id: string, queries: Queries): Promise<Uint8Array | undefined> {
    const row = await queries.selectFrom('images').select('content').where('id', '=', id).executeTakeFirst()
    return row?.content
  },
}
