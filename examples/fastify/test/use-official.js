import { register } from 'node:module'

const hook = `export const resolve = (name, context, next) => next(name.replace(/^@latchkey\\/fastify/, '@clerk/fastify'), context)`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
