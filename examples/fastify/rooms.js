import { randomUUID } from 'node:crypto'

const ROOMS = ['Ada', 'Babbage', 'Curie']

/** Rooms and their bookings. In memory: an example needs no database. */
export function createRooms() {
  let bookings = []
  const overlaps = (a, b) => a.room === b.room && a.from < b.to && b.from < a.to

  return {
    names: ROOMS,

    /** Does not show who has booked. */
    taken: (room) => bookings.filter((booking) => booking.room === room).map(({ from, to }) => ({ from, to })),

    of: (userId) => bookings.filter((booking) => booking.userId === userId),
    get: (id) => bookings.find((booking) => booking.id === id),

    /** @returns the booking; null if the room is taken at that time */
    book({ room, from, to, userId }) {
      const booking = { id: randomUUID(), room, from, to, userId }
      if (bookings.some((other) => overlaps(booking, other))) return null
      bookings.push(booking)
      return booking
    },

    cancel(id) {
      bookings = bookings.filter((booking) => booking.id !== id)
    },
  }
}
