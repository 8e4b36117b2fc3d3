import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { pageQuery } from '../../kernel/page.js'
import { arrayOf } from '../../kernel/wire.js'
import type { WaitlistEntryService } from './waitlist-entries.service.js'
import { waitlistEntry, waitlistEntryInput } from './waitlist-entries.wire.js'

const endpoint = endpointFactory<{ waitlistEntries: WaitlistEntryService }>()
const access = 'secret_key'

export const waitlistEntryEndpoints = [
  endpoint(
    'GET /waitlist_entries',
    {
      operationId: 'ListWaitlistEntries',
      access,
      query: z.object({
        status: z.enum(['pending', 'invited', 'completed', 'rejected']).optional(),
        query: z.string().max(256).optional(),
        order_by: z.string().optional(),
        ...pageQuery,
      }),
      answer: waitlistEntry,
      list: 'page',
    },
    ({ query: { status, query, ...page }, services }) => services.waitlistEntries.list({ status, query }, page),
  ),

  endpoint(
    'POST /waitlist_entries',
    { operationId: 'CreateWaitlistEntry', access, body: waitlistEntryInput, answer: waitlistEntry },
    ({ body, caller, services }) => services.waitlistEntries.create(body, caller),
  ),

  endpoint(
    'POST /waitlist_entries/bulk',
    {
      operationId: 'CreateBulkWaitlistEntries',
      access,
      body: z.array(waitlistEntryInput).min(1).max(50),
      answer: arrayOf(waitlistEntry),
    },
    ({ body, caller, services }) => services.waitlistEntries.createAll(body, caller),
  ),

  endpoint(
    'POST /waitlist_entries/:waitlist_entry_id/invite',
    {
      operationId: 'InviteWaitlistEntry',
      access,
      body: z.object({ ignore_existing: z.boolean().nullish() }),
      answer: waitlistEntry,
    },
    ({ params, body, caller, services }) => services.waitlistEntries.invite(params.waitlistEntryId, body, caller),
  ),

  endpoint(
    'POST /waitlist_entries/:waitlist_entry_id/reject',
    { operationId: 'RejectWaitlistEntry', access, answer: waitlistEntry },
    ({ params, caller, services }) => services.waitlistEntries.reject(params.waitlistEntryId, caller),
  ),

  endpoint(
    'DELETE /waitlist_entries/:waitlist_entry_id',
    { operationId: 'DeleteWaitlistEntry', access, answer: deleted('waitlist_entry') },
    ({ params, caller, services }) => services.waitlistEntries.delete(params.waitlistEntryId, caller),
  ),
]
