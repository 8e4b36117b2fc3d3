import { register } from 'node:module'

const hook = `export const resolve = (name, context, next) => next(name.replace(/^@latchkey\\/backend/, '@clerk/backend'), context)`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
