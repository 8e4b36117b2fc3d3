import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { images, type ImageRecord } from './images.table.js'

/** The owner of a picture. A new kind of owner gets its own field here. */
export type ImageOwner = Pick<ImageRecord, 'userId'>

export class ImageStore extends Rows<typeof images> {
  constructor(owner: Owner) {
    super(images, owner)
  }

  /** @returns undefined if the instance has no such picture */
  async ownerOf(id: string, tx: Tx): Promise<ImageOwner | undefined> {
    const row = await this.select(tx).select('user_id').where('id', '=', id).executeTakeFirst()
    return row && { userId: row.user_id }
  }

  /** Copies the picture for the owner under a new id, inside the database. */
  async copy(id: string, copy: ImageOwner & { id: string; createdAt: number }, tx: Tx): Promise<void> {
    await tx.queries
      .insertInto('images')
      .columns(['id', 'instance_id', 'user_id', 'content_type', 'content', 'created_at'])
      .expression(
        this.select(tx)
          .select((eb) => [
            eb.val(copy.id).as('id'),
            'instance_id',
            eb.val(copy.userId).as('user_id'),
            'content_type',
            'content',
            eb.cast<number>(eb.val(copy.createdAt), 'bigint').as('created_at'),
          ])
          .where('id', '=', id),
      )
      .execute()
  }

  async deleteAllOf({ userId }: ImageOwner, tx: Tx): Promise<void> {
    await this.remove(tx).where('user_id', '=', userId).execute()
  }

  async deleteOthersOf({ userId }: ImageOwner, id: string, tx: Tx): Promise<void> {
    await this.remove(tx).where('user_id', '=', userId).where('id', '!=', id).execute()
  }
}
