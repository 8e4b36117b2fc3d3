import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../instances/settings/settings.js'
import { next, type Moves } from './moves.js'

type Status = 'closed' | 'open'
type Move = 'open' | 'close'

const doors: Moves<Status, Move, { locked: boolean }> = {
  closed: {
    open: ({ locked }, { testMode }) =>
      locked && !testMode ? { code: 'door_locked', reason: 'The door is locked' } : 'open',
  },
  open: { close: () => 'closed' },
}
const development = defaultSettings('development')
const production = defaultSettings('production')

describe('moves', () => {
  it('lead to the status that the table says, by the state and the settings', () => {
    expect(next(doors, 'closed', 'open', { locked: false }, production)).toBe('open')
    expect(next(doors, 'closed', 'open', { locked: true }, development)).toBe('open')
    expect(next(doors, 'open', 'close', { locked: true }, production)).toBe('closed')
  })

  it("are refused for the table's reason", () => {
    expect(next(doors, 'closed', 'open', { locked: true }, production)).toEqual({
      code: 'door_locked',
      reason: 'The door is locked',
    })
  })

  it('are refused when the status does not have them', () => {
    expect(next(doors, 'open', 'open', { locked: false }, production)).toEqual({
      code: 'client_state_invalid',
      reason: 'open is not possible while the status is open',
    })
  })

  it('do not compile with a status left out, or with one that does not exist', () => {
    // @ts-expect-error `open` is missing
    const missing: Moves<Status, Move, object> = { closed: {} }
    // @ts-expect-error `ajar` is no status
    const unknown: Moves<Status, Move, object> = { closed: { open: () => 'ajar' }, open: {} }
    // @ts-expect-error `slam` is no move
    const slam: Moves<Status, Move, object> = { closed: {}, open: { slam: () => 'closed' } }
    // @ts-expect-error `slam` is no move
    expect(next(doors, 'open', 'slam', { locked: false }, production)).toMatchObject({ code: 'client_state_invalid' })
    expect([missing, unknown, slam]).toHaveLength(3)
  })
})
