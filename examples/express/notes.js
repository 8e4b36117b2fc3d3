import { randomUUID } from 'node:crypto'

export const NOTE_LENGTH = 500

/** Notes by user, newest first. In memory: an example needs no database. */
export function createNotes() {
  let all = []
  return {
    of: (userId) => all.filter((note) => note.userId === userId),
    ofTeam: (orgId) => all.filter((note) => note.orgId === orgId),

    /** @returns the note; null if `text` is not a string, is empty or too long */
    add({ userId, orgId = null, text }) {
      if (typeof text !== 'string' || !text.trim() || text.length > NOTE_LENGTH) return null
      const note = { id: randomUUID(), userId, orgId, text: text.trim(), createdAt: Date.now() }
      all = [note, ...all]
      return note
    },

    removeAllOf(userId) {
      all = all.filter((note) => note.userId !== userId)
    },
  }
}
