import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { images } from './images.table.js'

/** Whose a picture is. Another kind of owner is another field here. */
export type ImageOwner = { userId: string } | { organizationId: string } | { oauthApplicationId: string }

export class ImageStore extends Rows<typeof images> {
  constructor(owner: Owner) {
    super(images, owner)
  }

  /** Whether the picture is the owner's. Undefined if the instance has no such picture. */
  async isOf(owner: ImageOwner, id: string, tx: Tx): Promise<boolean | undefined> {
    const { column, value } = columnOf(owner)
    const row = await this.select(tx).select(column).where('id', '=', id).executeTakeFirst()
    return row && (row as Record<string, unknown>)[column] === value
  }

  /** Gives the owner the same picture under an id of its own, without taking it out of the database. */
  async copy(id: string, owner: ImageOwner, copy: { id: string; createdAt: number }, tx: Tx): Promise<void> {
    const { column, value } = columnOf(owner)
    await tx.queries
      .insertInto('images')
      .columns(['id', 'instance_id', column, 'content_type', 'content', 'created_at'])
      .expression(
        this.select(tx)
          .select((eb) => [
            eb.val(copy.id).as('id'),
            'instance_id',
            eb.val(value).as(column),
            'content_type',
            'content',
            eb.cast<number>(eb.val(copy.createdAt), 'bigint').as('created_at'),
          ])
          .where('id', '=', id),
      )
      .execute()
  }

  async deleteAllOf(owner: ImageOwner, tx: Tx): Promise<void> {
    const { column, value } = columnOf(owner)
    await this.remove(tx).where(column, '=', value).execute()
  }

  async deleteOthersOf(owner: ImageOwner, id: string, tx: Tx): Promise<void> {
    const { column, value } = columnOf(owner)
    await this.remove(tx).where(column, '=', value).where('id', '!=', id).execute()
  }
}

type OwnerColumn = 'user_id' | 'organization_id' | 'oauth_application_id'

function columnOf(owner: ImageOwner): { column: OwnerColumn; value: string } {
  if ('userId' in owner) return { column: 'user_id', value: owner.userId }
  if ('organizationId' in owner) return { column: 'organization_id', value: owner.organizationId }
  return { column: 'oauth_application_id', value: owner.oauthApplicationId }
}
