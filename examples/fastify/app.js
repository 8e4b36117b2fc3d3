import { clerkPlugin, getAuth } from '@latchkey/fastify'
import Fastify from 'fastify'
import { createRooms } from './rooms.js'

/** Rooms to book: everybody sees when they are free, signed-in users book them. */
export async function createApp(options) {
  const rooms = createRooms()
  const app = Fastify(options)

  app.setErrorHandler((error, request, reply) => {
    if (error.statusCode < 500) return reply.code(error.statusCode).send({ error: error.message })
    // Details belong in the log only.
    console.error(error.message)
    return reply.code(502).send({ error: 'The users cannot be loaded at the moment. Try again later.' })
  })

  // For everyone, without authentication.
  app.get('/rooms', () => rooms.names)
  app.get('/rooms/:room', (request, reply) => {
    const { room } = request.params
    if (!rooms.names.includes(room)) return reply.code(404).send({ error: 'There is no such room.' })
    return rooms.taken(room)
  })

  await app.register(api, { prefix: '/api', rooms })
  return app
}

const booking = {
  type: 'object',
  required: ['room', 'from', 'to'],
  properties: {
    room: { type: 'string', maxLength: 40 },
    from: { type: 'integer', minimum: 0, description: 'Unix milliseconds' },
    to: { type: 'integer', minimum: 0, description: 'Unix milliseconds' },
  },
}

/** For programs, which send `Authorization: Bearer <session token>`, and for pages of this domain with their cookies. */
async function api(app, { rooms }) {
  // `apiUrl` is passed for @clerk/fastify, whose plugin does not read it from the environment.
  await app.register(clerkPlugin, { hookName: 'onRequest', apiUrl: process.env.CLERK_API_URL })
  app.addHook('onRequest', async (request, reply) => {
    if (!getAuth(request).userId)
      return reply.code(401).send({ error: 'Send a session token: Authorization: Bearer …' })
  })

  app.get('/me', async (request) => {
    const { id, firstName, primaryEmailAddress } = await request.clerk.users.getUser(getAuth(request).userId)
    return { id, firstName, email: primaryEmailAddress?.emailAddress ?? null, bookings: rooms.of(id).length }
  })

  app.get('/bookings', (request) => rooms.of(getAuth(request).userId))

  app.post('/bookings', { schema: { body: booking } }, (request, reply) => {
    const { room, from, to } = request.body
    if (!rooms.names.includes(room) || from >= to)
      return reply.code(422).send({ error: `"room" must be one of ${rooms.names.join(', ')}, and "from" before "to".` })
    const booked = rooms.book({ room, from, to, userId: getAuth(request).userId })
    return booked ? reply.code(201).send(booked) : reply.code(409).send({ error: 'The room is taken at this time.' })
  })

  // Users cancel their own bookings. Those of others require a permission in the organization.
  app.delete('/bookings/:id', (request, reply) => {
    const { userId, has } = getAuth(request)
    const found = rooms.get(request.params.id)
    if (!found) return reply.code(404).send({ error: 'There is no such booking.' })
    if (found.userId !== userId && !has({ permission: 'org:rooms:manage' }))
      return reply.code(403).send({ error: 'This booking is not yours.' })
    rooms.cancel(found.id)
    return reply.code(204).send()
  })
}
