import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component } from '../../kernel/component.js'
import type { Membership } from '../organization-records/organization-records.rules.js'
import { frontendMembership } from '../organization-memberships/frontend-memberships.wire.js'
import { ownPasskey } from '../passkeys/passkeys.wire.js'
import { mayDeleteSelf, type User } from '../user-records/user-records.rules.js'
import { user as backendUser } from '../users/users.wire.js'

/** A user with what they see of themselves. */
export interface Me extends User {
  memberships: readonly Membership[]
}

const schema = component(
  'Me',
  backendUser.schema.omit({ private_metadata: true, bypass_client_trust: true, scim: true, timezone: true }).extend({
    // The contract has no null here: absent is the limit of the instance.
    create_organizations_limit: z.int().min(0).optional(),
    organization_memberships: z.array(frontendMembership.schema),
    passkeys: z.array(ownPasskey.schema),
  }),
)

/** A user as they see themselves: without what only the application's server may know. */
export const me = {
  schema,
  toJSON: (record: Me, context: WireContext): z.output<typeof schema> => {
    const {
      private_metadata: _,
      bypass_client_trust: __,
      create_organizations_limit: limit,
      ...json
    } = backendUser.toJSON(record, context)
    return {
      ...json,
      // Components look only here, not at the setting.
      delete_self_enabled: mayDeleteSelf(record, context.instance.settings),
      ...(limit === null ? {} : { create_organizations_limit: limit }),
      passkeys: record.passkeys.map((passkey) => ownPasskey.toJSON({ passkey }, context)),
      organization_memberships: record.memberships.map((held) => frontendMembership.toJSON(held, context)),
    } as z.output<typeof schema>
  },
}
