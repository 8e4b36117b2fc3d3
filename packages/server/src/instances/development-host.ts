import type { Random } from '../kernel/runtime.js'

const ADJECTIVES =
  'amber brave calm clever eager fleet gentle happy keen lucky merry noble proud quick sunny warm'.split(' ')
const ANIMALS = 'badger crane dove falcon gecko heron ibex jay koala lark marten otter panda robin seal wren'.split(' ')

/** A host in the form that switches the browser packages to their development mode. No browser ever requests it. */
export function developmentHost(random: Random): string {
  const [first = 0, second = 0, ...rest] = random.bytes(5)
  const number = rest.reduce((sum, byte) => (sum << 8) | byte, 0)
  return `${ADJECTIVES[first % 16]}-${ANIMALS[second % 16]}-${number}.clerk.accounts.dev`
}
