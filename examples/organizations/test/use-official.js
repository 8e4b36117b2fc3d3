import { register } from 'node:module'

const hook = `export const resolve = (name, context, next) => next(name.replace(/^@latchkey\\/express/, '@clerk/express'), context)`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
