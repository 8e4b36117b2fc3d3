import type { PageMessage } from '@latchkey/server'
import { expect, vi } from 'vitest'
import { codeOf, linksOf } from '../../packages/pages/src/index.js'

export interface Mailbox {
  /** The code in the newest message to an address or number, as soon as it is there, and not one that was taken before. */
  codeTo(address: string): Promise<string>
  /** The link in the newest message to an address, in the same way. */
  linkTo(address: string): Promise<string>
}

/** @param messages of a server, oldest first; more may come @param instanceId whose messages count */
export function createMailbox(messages: PageMessage[], instanceId: () => string): Mailbox {
  const taken = new Set<number>()
  const take = async (address: string, what: (message: PageMessage) => string | null | undefined): Promise<string> => {
    const to = () => messages.filter(({ toAddress, instanceId: id }) => toAddress === address && id === instanceId())
    const find = () => {
      const message = to().findLast((one) => !taken.has(one.sequence) && what(one))
      return message && what(message)
    }
    const received = () => `what a message to ${address} should bring: ${to().map(({ body }) => body)}`
    await vi.waitFor(() => expect(find(), received()).toBeTypeOf('string'), { timeout: 60_000 })
    const found = find()!
    for (const { sequence } of to()) taken.add(sequence)
    return found
  }
  return {
    codeTo: (address) => take(address, codeOf),
    linkTo: (address) => take(address, (message) => linksOf(message)[0]),
  }
}
