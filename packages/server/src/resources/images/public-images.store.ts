import type { Database } from '../../storage/database.js'

/** Pictures as anybody may see them, in any instance: an id is known only to those who were shown its owner. */
export class PublicImageStore {
  constructor(private readonly database: Database) {}

  async contentType(id: string): Promise<string | undefined> {
    const row = await this.database.read
      .selectFrom('images')
      .select('content_type')
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.content_type
  }

  async content(id: string): Promise<Uint8Array | undefined> {
    const row = await this.database.read.selectFrom('images').select('content').where('id', '=', id).executeTakeFirst()
    return row?.content
  }

  /** Of a user or an organization without a picture, for the initials. */
  async namesOf(id: string): Promise<(string | null)[] | undefined> {
    const { read } = this.database
    const user = await read
      .selectFrom('users')
      .select(['first_name', 'last_name'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (user) return [user.first_name, user.last_name]
    const organization = await read.selectFrom('organizations').select('name').where('id', '=', id).executeTakeFirst()
    return organization && [organization.name]
  }
}
