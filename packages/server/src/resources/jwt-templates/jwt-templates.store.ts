import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import { jwtTemplates, type JwtTemplateRecord } from '../../storage/tables.js'

export class JwtTemplateStore extends InstanceRows<typeof jwtTemplates> {
  constructor(queries: Queries, instanceId: string) {
    super(queries, 'jwt_templates', jwtTemplates, instanceId)
  }

  async findByName(name: string): Promise<JwtTemplateRecord | undefined> {
    const row = await this.queries
      .selectFrom('jwt_templates')
      .selectAll()
      .where('instance_id', '=', this.instanceId)
      .where('name', '=', name)
      .executeTakeFirst()
    return row && this.decode(row)
  }
}
